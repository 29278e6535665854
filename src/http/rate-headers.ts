import type { HttpPolicy } from '../connect/io.ts'
import type { ReportedRate } from './limits/pacing-state.ts'

/** Reads the rate limit from a reply's headers; undefined if they do not report it. */
export function rateHeaders(
  rate: HttpPolicy['rate'],
): (headers: Readonly<Record<string, string>>) => ReportedRate | undefined {
  const limitHeader = rate.limitHeader.toLowerCase()
  const remainingHeader = rate.remainingHeader.toLowerCase()
  const resetHeader = rate.resetHeader.toLowerCase()
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
    const remaining = figure(headers[remainingHeader])
    if (remaining === undefined) return undefined
    const reset = figure(headers[resetHeader])
    return {
      limit: figure(headers[limitHeader]),
      remaining,
      reset: reset === undefined ? undefined : reset * 1000,
      date: dateMs(headers['date']),
    }
  }
}

/** Milliseconds to wait by the `retry-after` header, in either form (RFC 9110 §10.2.3); 0 without a usable header. */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number {
  const text = headers['retry-after']
  if (text === undefined) return 0
  const seconds = figure(text)
  if (seconds !== undefined) return seconds * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now)
}

function figure(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}
