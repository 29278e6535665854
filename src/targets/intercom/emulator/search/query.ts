import type { Answer } from '../../../../emulator-kit/answer.ts'
import { badParameter, reject } from '../http/answer.ts'
import { fieldsOf } from '../../../../emulator-kit/router.ts'
import type { View } from '../state/view.ts'

export type Operator = '=' | '!=' | 'IN' | 'NIN' | '>' | '<' | '>=' | '<=' | '~' | '!~' | '^' | '$'
export type Value = string | number | boolean | null

/** A searchable field. */
export interface SearchField {
  readonly operators: readonly Operator[]
  /** Converts a query's value for comparison; undefined when its type is wrong. */
  accept(value: unknown): Value | undefined
  /**
   * The record's value or values. With several, a filter matches if any value matches, a negated one only if none
   * does.
   */
  read(targetRecord: number, view: View): Value | readonly Value[]
  /** Records that may have this value, where that is cheaper than a scan. */
  find?(value: Value, view: View): Iterable<number>
  /** A comparison other than that of plain values, for instance by days. */
  compare?(operator: Operator, actual: Value, wanted: Value): boolean
}

export type SearchFields = ReadonlyMap<string, SearchField>

export interface Filter {
  readonly is: 'filter'
  readonly field: SearchField
  readonly operator: Operator
  /** The value, or the first one of IN and NIN. */
  readonly wanted: Value
  readonly values: ReadonlySet<Value>
}
export interface Group {
  readonly is: 'AND' | 'OR'
  readonly parts: readonly Query[]
}
export type Query = Filter | Group

const maxDepth = 2
const maxFilters = 15

/** Parses the `query` of a search; an Answer reports what is wrong with it. */
export function readQuery(input: unknown, fields: SearchFields, depth = 0): Query | Answer {
  const { field, operator, value } = fieldsOf(input)
  const is = typeof operator === 'string' ? operator.toUpperCase() : ''
  if (field === undefined && (is === 'AND' || is === 'OR')) {
    if (!Array.isArray(value) || value.length === 0) return badParameter(`the value of ${is} must be a list of filters`)
    if (value.length > maxFilters) return badParameter(`too many filters: at most ${maxFilters} in one group`)
    if (depth === maxDepth) return badParameter(`too many nested filters: at most ${maxDepth} levels`)
    const parts: Query[] = []
    for (const each of value) {
      const part = readQuery(each, fields, depth + 1)
      if ('status' in part) return part
      parts.push(part)
    }
    return { is, parts }
  }
  if (typeof field !== 'string')
    return badParameter('a query is a filter (field, operator, value), or AND or OR of a list of them')
  return readFilter(field, is as Operator, value, fields)
}

function readFilter(name: string, operator: Operator, value: unknown, fields: SearchFields): Filter | Answer {
  const field = fields.get(name)
  if (field === undefined) return reject(400, 'invalid_field', `${name} is not a valid search field`)
  if (!field.operators.includes(operator)) return badParameter(`${operator} is not a valid operator for ${name}`)
  const many = operator === 'IN' || operator === 'NIN'
  if (many !== Array.isArray(value)) return badParameter(`the value of ${operator} must ${many ? '' : 'not '}be a list`)
  const values = new Set<Value>()
  for (const each of many ? (value as unknown[]) : [value]) {
    const accepted = field.accept(each)
    if (accepted === undefined) return badParameter(`invalid value for ${name}`)
    values.add(accepted)
  }
  const [wanted = null] = values
  return { is: 'filter', field, operator, wanted, values }
}
