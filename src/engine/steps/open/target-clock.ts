import type { HttpReply, HttpRequest } from '../../../connect/io.ts'

/** The Target's clock, as its answers show it. */
export interface TargetClock {
  send(request: HttpRequest): Promise<HttpReply>
  /** Its current time in unix milliseconds, to about a second. Undefined before an answer had a date. */
  now(): number | undefined
}

/**
 * Reads the clock from the `Date` header of each answer. The header is cut to whole seconds, so the largest difference
 * is the closest.
 */
export function watchClock(send: (request: HttpRequest) => Promise<HttpReply>, now: () => number): TargetClock {
  let aheadMs: number | undefined
  return {
    async send(request) {
      const reply = await send(request)
      const at = Date.parse(reply.headers['date'] ?? '')
      if (!Number.isNaN(at)) aheadMs = Math.max(aheadMs ?? -Infinity, at - now())
      return reply
    },
    now: () => (aheadMs === undefined ? undefined : now() + aheadMs),
  }
}
