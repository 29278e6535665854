import type { HttpReply, HttpRequest } from '../../../connect/io.ts'

/** The Target's clock, as its answers show it. */
export interface TargetClock {
  send(request: HttpRequest): Promise<HttpReply>
  /** Its time now, in unix milliseconds, to about a second; undefined before an answer told. */
  now(): number | undefined
}

/** Reads the clock off the `Date` of each answer: whole seconds, cut off, so the latest one seen is the closest. */
export function watchClock(send: (request: HttpRequest) => Promise<HttpReply>, now: () => number): TargetClock {
  let aheadMs: number | undefined
  return {
    async send(request) {
      const reply = await send(request)
      const at = Date.parse(reply.headers['date'] ?? '')
      if (!Number.isNaN(at)) aheadMs = Math.max(aheadMs ?? -Infinity, at - now())
      return reply
    },
    now: () => aheadMs === undefined ? undefined : now() + aheadMs,
  }
}
