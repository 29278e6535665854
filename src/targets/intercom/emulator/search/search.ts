import type { Answer } from '../../../../emulator-kit/answer.ts'
import { badParameter, reject } from '../http/answer.ts'
import { fieldsOf } from '../../../../emulator-kit/router.ts'
import type { Call } from '../http/route.ts'
import { readPage, type Page } from '../http/paging.ts'
import type { Kind } from '../state/memberships.ts'
import type { View } from '../state/view.ts'
import { evaluate } from './evaluate.ts'
import { readQuery, type SearchField, type SearchFields, type Value } from './query.ts'

export interface Found {
  readonly targetRecords: readonly number[]
  readonly total: number
  readonly page: Page
  /** The last record of this page if more follow. */
  readonly last: number | null
}

interface SearchOf {
  readonly kind: Kind
  readonly perPage: number
  readonly maxPage: number
  /** Whether an invalid `sort.order` is rejected (contacts, from 2.16 on) or read as descending. */
  readonly checkSort: boolean
  exists(targetRecord: number): boolean
}

/** One page of a search. Without `sort`, records come in the order of their numbers. */
export function search(call: Call, view: View, fields: SearchFields, of: SearchOf): Found | Answer {
  const { query: wanted, pagination, sort } = fieldsOf(call.body)
  const { per_page: perPage, starting_after: cursor } = fieldsOf(pagination)
  const page = readPage(perPage, cursor, of.perPage, of.maxPage)
  if ('status' in page) return page
  const query = readQuery(wanted, fields)
  if ('status' in query) return query
  const order = readOrder(sort, fields, view, of.checkSort)
  if (typeof order !== 'function') return order

  const kept = call.workspace.searches
  const name = JSON.stringify([of.kind, call.version.rank, wanted, sort])
  const matches =
    kept.get(name, view.revision) ??
    kept.put(name, view.revision, evaluate(query, view, call.workspace.count(of.kind), of.exists).sort(order))
  const start = page.after === 0 ? 0 : firstAfter(matches, page.after, order)
  const targetRecords = matches.slice(start, start + page.perPage)
  return {
    targetRecords,
    total: matches.length,
    page,
    last: start + targetRecords.length < matches.length ? targetRecords.at(-1)! : null,
  }
}

type Order = (a: number, b: number) => number

function readOrder(sort: unknown, fields: SearchFields, view: View, check: boolean): Order | Answer {
  if (sort === undefined || sort === null) return (a, b) => a - b
  const { field: name, order = 'descending' } = fieldsOf(sort)
  const field = fields.get(String(name))
  if (field === undefined) return badParameter(`${String(name)} cannot be sorted by`)
  if (order !== 'ascending' && order !== 'descending' && check) {
    return reject(400, 'invalid_sort_order', 'sort order must be ascending or descending')
  }
  const way = order === 'ascending' ? 1 : -1
  return (a, b) => way * (compare(first(field, a, view), first(field, b, view)) || a - b)
}

function first(field: SearchField, targetRecord: number, view: View): Value {
  const read = field.read(targetRecord, view)
  return Array.isArray(read) ? (read[0] ?? null) : (read as Value)
}

function compare(a: Value, b: Value): number {
  if (a === b) return 0
  return a === null || (b !== null && a < b) ? -1 : 1
}

/** The index of the first record after `targetRecord`, even if that record no longer matches. */
function firstAfter(sorted: readonly number[], targetRecord: number, order: Order): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (order(sorted[middle]!, targetRecord) <= 0) low = middle + 1
    else high = middle
  }
  return low
}
