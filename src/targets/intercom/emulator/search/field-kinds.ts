import { idText } from '../../../../emulator-kit/router.ts'
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

/**
 * The local day of a point in time, in unix seconds: from `start` (inclusive) to `end` (exclusive). Up to version
 * 2.16 the contact search compares dates by such days of the workspace.
 */
function dayOf(seconds: number, timezone: string): { readonly start: number; readonly end: number } {
  const local = seconds + offset(seconds, timezone)
  const midnight = Math.floor(local / 86_400) * 86_400
  return { start: utc(midnight, timezone), end: utc(midnight + 86_400, timezone) }
}

/** The UTC time of this local time. The offset is computed twice, because it may change in between. */
function utc(local: number, timezone: string): number {
  const guess = local - offset(local, timezone)
  return local - offset(guess, timezone)
}

/** Seconds by which the time zone is ahead of UTC. */
function offset(seconds: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' }).formatToParts(
    seconds * 1000,
  )
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
}
