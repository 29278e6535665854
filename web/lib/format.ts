const numbers = new Intl.NumberFormat('en-US')
const shorts = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
const dates = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const seconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const clocks = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

/** `10,000`. */
export function count(n: number): string {
  return numbers.format(n)
}

/** `10K`, for narrow places. Show the full number in a title. */
export function shortCount(n: number): string {
  return n < 10_000 ? count(n) : shorts.format(n)
}

/** `1 record`, `1,200 records`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`
}

/** `40 ms`, `1.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`: the format of the command line. */
export function duration(ms: number): string {
  if (ms < 995) return `${Math.round(ms)} ms`
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return pair(seconds, 60, 'min', 's')
  return seconds < 172_800
    ? pair(Math.floor(seconds / 60), 60, 'h', 'min')
    : pair(Math.floor(seconds / 3600), 24, 'days', 'h')
}

function pair(n: number, per: number, big: string, small: string): string {
  const rest = n % per
  return rest === 0 ? `${Math.floor(n / per)} ${big}` : `${Math.floor(n / per)} ${big} ${rest} ${small}`
}

/** `5 minutes ago`, `in 2 hours`; after a day `3 Mar, 05:06`, later `3 Mar 2026`. */
export function timeFrom(at: Date, now: Date): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000)
  const size = Math.abs(seconds)
  if (size < 10) return seconds > 0 ? 'in a moment' : 'just now'
  if (size < 60) return relative.format(seconds, 'second')
  if (size < 3600) return relative.format(Math.round(seconds / 60), 'minute')
  if (size < 86_400) return relative.format(Math.round(seconds / 3600), 'hour')
  return size < 300 * 86_400 ? `${day(at)}, ${clock(at)}` : dates.format(at)
}

/** `3 Mar 2026, 05:06:07`, in the user's time zone. */
export function moment(at: Date): string {
  return moments.format(at)
}

/** `3 Mar`, for an axis. */
export function day(at: Date): string {
  return days.format(at)
}

/** `05:06`. */
export function clock(at: Date): string {
  return clocks.format(at)
}

/** `05:06:07`. */
export function clockToSeconds(at: Date): string {
  return seconds.format(at)
}

/** A Record's value as text; everything except text as JSON. */
export function value(of: unknown): string {
  return typeof of === 'string' ? of : of === undefined ? '' : JSON.stringify(of)
}
