import type { RateLimit } from '../connect/rate-limit.ts'
import type { ReportedFigures } from './limits/discipline.ts'

/** Reads what a reply's headers report of a limit; undefined if they do not report it. */
export function figureReader(
  limit: RateLimit,
): (headers: Readonly<Record<string, string>>) => ReportedFigures | undefined {
  let lastDate = ''
  let lastDateMs: number | undefined

  const dateMs = (text: string | undefined): number | undefined => {
    if (text === undefined) return undefined
    if (text === lastDate) return lastDateMs
    const parsed = Date.parse(text)
    lastDate = text
    lastDateMs = Number.isNaN(parsed) ? undefined : parsed
    return lastDateMs
  }

  return (headers) => {
    const reported = limit.read?.(headers)
    if (reported === undefined) return undefined
    return {
      limit: figure(reported.limit),
      remaining: figure(reported.remaining),
      reset: figure(reported.resetsAt),
      resetsInMs: figure(reported.resetsInMs),
      date: dateMs(headers['date']),
    }
  }
}

/** Milliseconds to wait by the `retry-after` header, in either form (RFC 9110 §10.2.3); 0 without a usable header. */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number {
  const text = headers['retry-after']
  if (text === undefined || text === '') return 0
  const seconds = figure(Number(text))
  if (seconds !== undefined) return seconds * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now)
}

/** Undefined for what a header cannot mean: a text, or a negative number. */
function figure(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined
}
