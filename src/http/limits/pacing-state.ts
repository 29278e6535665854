import type { Backoff } from './backoff.ts'
import type { Lease } from './budget-lease.ts'
import type { RateGrant } from './rate-share.ts'
import type { WindowClock } from './window-clock.ts'

/**
 * Decides when the next request may go. A pure state machine over the vendor's fixed windows, as reply headers report
 * them.
 *
 * - A window allows what the server reports as left, minus the requests in flight, which may not be counted yet. A
 *   client alone on an account never gets a 429 this way, and still uses every request of the window.
 * - When a window is used up, nothing goes until it ends. Then one probe goes, and its answer opens the next window.
 * - A 429 while the window has room (another limit of the vendor, or overload) pauses all requests: exponential
 *   back-off, one probe, then one more request in flight for each good answer.
 *
 * On a shared account each request also takes a permit from a lease on the shared budget (rate-share.ts).
 */
export interface Pacing {
  readonly rules: PacingRules
  readonly inFlight: number
  /** Requests per window, as reported or assumed. */
  readonly limit: number
  /** Lowest reported number of requests left in the current window. Requests in flight are not subtracted. */
  readonly left: number
  /** Requests without an answer, or with one that reported nothing, that `left` may not include; time of the last one. */
  readonly owed: number
  readonly owedAt: number
  /** First report of the current window, and its end, by our clock. */
  readonly openedAt: number
  readonly endsAt: number
  readonly clock: WindowClock
  /** A probe of the next window is in flight: no other probe before this time. */
  readonly probeUntil: number
  /** Extra random wait after the window's end, set by a 429, so that processes on one account do not probe together. */
  readonly spread: number
  /** No request of this client goes before this time. */
  readonly pausedUntil: number
  /** Consecutive 429s that waiting did not resolve. */
  readonly pauses: number
  /** Counts pauses. An answer to a request of an older epoch does not show whether the pause helped. */
  readonly epoch: number
  /** Requests in flight of this epoch, and their maximum. */
  readonly fresh: number
  readonly allowed: number
  /** Requests of this client in the current window: those answered, and lost ones that it may have counted. */
  readonly used: number
  /** Undefined while the account is not shared. */
  readonly lease: Lease | undefined
}

/** Times in milliseconds. */
export interface PacingRules {
  readonly windowMs: number
  /** Requests per window until a reply reports the true number. */
  readonly assumed: number
  readonly concurrency: number
  /** For 429s that waiting for the window does not resolve. */
  readonly backoff: Backoff
  readonly spreadMs: number
}

/** Rate limit values of a reply's headers. Times are epoch milliseconds of the vendor's clock. */
export interface ReportedRate {
  readonly limit: number | undefined
  readonly remaining: number
  /** End of the window. It also identifies the window: it is the same in all its replies. */
  readonly reset: number | undefined
  /** Milliseconds until the window ends, from vendors that do not name its end. */
  readonly resetsInMs?: number
  /** Time of the reply, in whole seconds. */
  readonly date: number | undefined
}

/** `sentAt` and `epoch` belong to the request that ended; `at` is now. */
export type PacingEvent =
  | { readonly type: 'sent'; readonly at: number }
  | ({ readonly type: 'answered'; readonly reported: ReportedRate | undefined } & Ended)
  | ({
      readonly type: 'limited'
      readonly reported: ReportedRate | undefined
      readonly retryAfterMs: number
      readonly random: number
    } & Ended)
  /** No usable answer. `counted`: the server may have counted the request. */
  | ({ readonly type: 'lost'; readonly counted: boolean } & Ended)
  /** From now on the account is shared: every request needs a permit. */
  | { readonly type: 'shared'; readonly at: number }
  | { readonly type: 'granted'; readonly at: number; readonly active: number; readonly grant: RateGrant }
  | { readonly type: 'ask-failed'; readonly retryAt: number }

export interface Ended {
  readonly at: number
  readonly sentAt: number
  readonly epoch: number
}

/** Lost requests that the current window may have counted: the windows of earlier ones have ended. */
export function owedAt({ owed, owedAt: lastAt, rules: { windowMs } }: Pacing, now: number): number {
  return now >= lastAt + windowMs ? 0 : owed
}
