import type { RateLimit } from './rate-limit.ts'

/** Names of the headers that report a limit. */
export interface RateHeaderNames {
  /** Requests per period. */
  readonly limit: string
  /** Requests left in the period. */
  readonly remaining: string
  /** End of the period, in Unix seconds. */
  readonly reset?: string
}

/** For `RateLimit.read`: reads numbers from headers. Without a number of requests left, a reply reports nothing. */
export function readRateHeaders(names: RateHeaderNames): NonNullable<RateLimit['read']> {
  const [limitName, remainingName] = [names.limit.toLowerCase(), names.remaining.toLowerCase()]
  const resetName = names.reset?.toLowerCase()
  return (headers) => {
    const remaining = numberIn(headers[remainingName])
    if (remaining === undefined) return undefined
    const limit = numberIn(headers[limitName])
    const reset = resetName === undefined ? undefined : numberIn(headers[resetName])
    return {
      remaining,
      ...(limit !== undefined && { limit }),
      ...(reset !== undefined && { resetsAt: reset * 1000 }),
    }
  }
}

function numberIn(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}
