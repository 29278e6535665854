import { idText } from '../http/body.ts'
import { dayOf } from './days.ts'
import type { Operator, SearchField, Value } from './query.ts'

type Read = SearchField['read']
type Find = NonNullable<SearchField['find']>

export function text(read: Read, find?: Find): SearchField {
  return {
    operators: ['=', '!=', 'IN', 'NIN', '~', '!~', '^', '$'],
    accept: (value) => (typeof value === 'string' || value === null ? value : undefined),
    read,
    ...(find === undefined ? {} : { find }),
  }
}

export function numeric(read: Read, find?: Find): SearchField {
  return {
    operators: ['=', '!=', 'IN', 'NIN', '>', '<', '>=', '<='],
    accept: (value) => {
      const number = Number(idText(value) ?? Number.NaN)
      return value === null ? null : Number.isFinite(number) ? number : undefined
    },
    read,
    ...(find === undefined ? {} : { find }),
  }
}

export function flag(read: Read): SearchField {
  return { operators: ['=', '!='], accept: (value) => (typeof value === 'boolean' ? value : undefined), read }
}

/** Tag ids, compared as numbers even when sent as text. */
export function tagIds(operators: readonly Operator[], read: Read, find: Find): SearchField {
  return { ...numeric(read, find), operators }
}

/** Exact unix seconds. */
export function moment(read: Read): SearchField {
  return { ...numeric(read), operators: ['=', '!=', 'IN', 'NIN', '>', '<', '>=', '<='] }
}

/** Whole days in the workspace's time zone: `>` starts with the next day. */
export function day(timezone: string, read: Read): SearchField {
  const bounds = new Map<number, ReturnType<typeof dayOf>>()
  return {
    ...numeric(read),
    operators: ['=', '<', '>'],
    compare(operator: Operator, actual: Value, wanted: Value) {
      let of = bounds.get(Number(wanted))
      if (of === undefined) bounds.set(Number(wanted), (of = dayOf(Number(wanted), timezone)))
      const at = Number(actual)
      return operator === '>' ? at >= of.end : operator === '<' ? at < of.start : at >= of.start && at < of.end
    },
  }
}
