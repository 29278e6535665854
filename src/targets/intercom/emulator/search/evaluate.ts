import type { View } from '../state/view.ts'
import type { Filter, Operator, Query, Value } from './query.ts'

/**
 * Numbers of the matching records, ascending. `count`: how many records to scan if the query limits them by no value.
 */
export function evaluate(query: Query, view: View, count: number, exists: (targetRecord: number) => boolean): number[] {
  const named = candidates(query, view)
  const matches: number[] = []
  const look = (targetRecord: number): void => {
    if (targetRecord > 0 && targetRecord <= count && exists(targetRecord) && holds(query, targetRecord, view))
      matches.push(targetRecord)
  }
  if (named === null) for (let targetRecord = 1; targetRecord <= count; targetRecord++) look(targetRecord)
  else for (const targetRecord of [...named].sort((a, b) => a - b)) look(targetRecord)
  return matches
}

/** The only records that can match, or null when the query does not limit them. */
function candidates(query: Query, view: View): Set<number> | null {
  if (query.is === 'filter') {
    const { field, operator, values } = query
    if ((operator !== '=' && operator !== 'IN') || field.find === undefined || values.has(null)) return null
    const found = new Set<number>()
    for (const value of values) for (const targetRecord of field.find(value, view)) found.add(targetRecord)
    return found
  }
  const parts = query.parts.map((part) => candidates(part, view))
  if (query.is === 'OR') {
    return parts.includes(null) ? null : new Set(parts.flatMap((part) => [...part!]))
  }
  return parts.reduce(
    (least, part) => (least === null || (part !== null && part.size < least.size) ? part : least),
    null,
  )
}

function holds(query: Query, targetRecord: number, view: View): boolean {
  if (query.is === 'filter') return filterHolds(query, targetRecord, view)
  const part = (each: Query): boolean => holds(each, targetRecord, view)
  return query.is === 'AND' ? query.parts.every(part) : query.parts.some(part)
}

const negations: Partial<Record<Operator, Operator>> = { '!=': '=', NIN: 'IN', '!~': '~' }

function filterHolds({ field, operator, values, wanted }: Filter, targetRecord: number, view: View): boolean {
  const read = field.read(targetRecord, view)
  const actual: readonly Value[] = Array.isArray(read) ? read : [read as Value]
  const positive = negations[operator] ?? operator
  const compare = field.compare ?? plainly
  const held =
    positive === 'IN'
      ? actual.some((value) => values.has(value))
      : positive === '=' && wanted === null
        ? actual.every((value) => value === null)
        : actual.some((value) => value !== null && compare(positive, value, wanted))
  return positive === operator ? held : !held
}

function plainly(operator: Operator, actual: Value, wanted: Value): boolean {
  switch (operator) {
    case '=':
      return actual === wanted
    case '>':
      return actual! > wanted!
    case '<':
      return actual! < wanted!
    case '>=':
      return actual! >= wanted!
    case '<=':
      return actual! <= wanted!
    case '~':
      return String(actual).toLowerCase().includes(String(wanted).toLowerCase())
    case '^':
      return String(actual).toLowerCase().startsWith(String(wanted).toLowerCase())
    case '$':
      return String(actual).toLowerCase().endsWith(String(wanted).toLowerCase())
    default:
      return false
  }
}
