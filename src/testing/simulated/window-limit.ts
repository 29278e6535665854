import { readRateHeaders } from '../../connect/rate-headers.ts'
import type { RateLimit } from '../../connect/rate-limit.ts'

/** A fixed window that replies report in the usual headers. */
export function windowLimit(requests: number, perMs = 10_000, reserve = 0): RateLimit {
  return {
    name: 'requests',
    kind: 'fixed window',
    scope: 'account',
    requests,
    perMs,
    reserve,
    read: readRateHeaders({
      limit: 'x-ratelimit-limit',
      remaining: 'x-ratelimit-remaining',
      reset: 'x-ratelimit-reset',
    }),
  }
}
