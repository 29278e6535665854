import type { EntryChange, LedgerLine } from '../../model/entry.ts'
import { columnValues } from '../database/columns.ts'

/** Exact to the microsecond, which a number of seconds would not be. */
const moment = (ms: string) => `timestamptz 'epoch' + ${ms} * interval '1 millisecond'`

type Column = readonly [name: string, type: string]

export const entryColumns: readonly Column[] = [
  ['state', 'text'],
  ['present', 'bool'],
  ['returned', 'bool'],
  ['desired', 'uuid'],
  ['managed', 'text'],
  ['tries', 'int'],
  ['retry_at', 'float8'],
  ['run_id', 'bigint'],
  ['sent_from', 'float8'],
  ['sent_to', 'float8'],
  ['target_id', 'text'],
  ['fingerprints', 'text'],
]
export const lineColumns: readonly Column[] = [
  ['kind', 'text'],
  ['reason', 'text'],
  ['status', 'text'],
  ['code', 'text'],
  ['message', 'text'],
  ['field', 'text'],
  ['http_status', 'int'],
  ['request_id', 'text'],
  ['target_id', 'text'],
  ['effect', 'text'],
  ['managed', 'bool'],
  ['since', 'float8'],
  ['before', 'text'],
  ['after', 'text'],
]
const moments: ReadonlySet<string> = new Set(['since', 'retry_at', 'sent_from', 'sent_to'])

/**
 * Keys and groups to delete, keys and groups to write, then an array per column, and one value per column that all rows share
 * (src/store/database/columns.ts).
 */
export function changeValues(changes: readonly EntryChange[]): unknown[] {
  // In index order, which makes inserting many rows faster.
  const entries = changes
    .flatMap(({ key, group, entry }) => (entry === null ? [] : [{ key, group, ...entry }]))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const columns = [
    columnValues(entries.map((e) => e.state)),
    columnValues(entries.map((e) => e.present)),
    columnValues(entries.map((e) => e.returned)),
    columnValues(entries.map((e) => e.desired)),
    columnValues(entries.map((e) => e.managed)),
    columnValues(entries.map((e) => e.tries)),
    columnValues(entries.map((e) => e.retryAt)),
    columnValues(entries.map((e) => e.runId)),
    columnValues(entries.map((e) => e.sent?.from ?? null)),
    columnValues(entries.map((e) => e.sent?.to ?? null)),
    columnValues(entries.map((e) => e.targetId)),
    columnValues(entries.map((e) => e.fingerprints)),
  ]
  const gone = changes.filter(({ entry }) => entry === null)
  return [
    gone.map(({ key }) => key),
    gone.map(({ group }) => group),
    entries.map((e) => e.key),
    entries.map((e) => e.group),
    ...columns.map(([array]) => array),
    ...columns.map(([, same]) => same),
  ]
}

export function lineValues(lines: readonly LedgerLine[]): unknown[] {
  const columns = [
    columnValues(lines.map((l) => l.kind)),
    columnValues(lines.map((l) => l.reason)),
    columnValues(lines.map((l) => l.status)),
    columnValues(lines.map((l) => l.code)),
    columnValues(lines.map((l) => l.message)),
    columnValues(lines.map((l) => l.field)),
    columnValues(lines.map((l) => l.httpStatus)),
    columnValues(lines.map((l) => l.requestId)),
    columnValues(lines.map((l) => l.targetId)),
    columnValues(lines.map((l) => l.effect)),
    columnValues(lines.map((l) => l.managed)),
    columnValues(lines.map((l) => l.since)),
    columnValues(lines.map((l) => l.before)),
    columnValues(lines.map((l) => l.after)),
  ]
  return [
    lines.map((l) => l.ordinal),
    lines.map((l) => l.key),
    lines.map((l) => l.group),
    ...columns.map(([array]) => array),
    ...columns.map(([, same]) => same),
  ]
}

export const names = (columns: readonly Column[]) => columns.map(([name]) => name).join(', ')

/** The arrays of columns for `unnest`, as parameters starting at `first`. */
export const arrays = (columns: readonly Column[], first: number) =>
  columns.map(([, type], at) => `$${first + at}::${type}[]`).join(', ')

/**
 * The values of columns `o`: from the array, or else the value that all rows share, as parameters starting at `first`.
 */
export function values(columns: readonly Column[], first: number): string {
  return columns
    .map(([name, type], at) => {
      const value = `coalesce(o.${name}, $${first + at}::${type})`
      return moments.has(name) ? moment(value) : value
    })
    .join(', ')
}
