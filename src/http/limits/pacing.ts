import { backoffMs, type Backoff } from './backoff.ts'
import { askDueAt, beginAsk, endAsk, failAsk, permitsAt, startLease, type Demand, type Lease } from './budget-lease.ts'
import type { RateAsk, RateGrant } from './rate-share.ts'
import { freshClock, hear, type WindowClock } from './window-clock.ts'

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
  /** Requests lost without an answer that `left` may not include, and the time of the last loss. */
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
  /** Answers to this client in the current window. */
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

/** After this long without an answer, a probe does not block the next one. */
const probePatienceMs = 1_000

export function startPacing(rules: PacingRules): Pacing {
  return {
    rules,
    inFlight: 0,
    limit: rules.assumed,
    left: 0,
    owed: 0,
    owedAt: 0,
    openedAt: 0,
    endsAt: 0,
    clock: freshClock,
    probeUntil: 0,
    spread: 0,
    pausedUntil: 0,
    pauses: 0,
    epoch: 0,
    fresh: 0,
    allowed: rules.concurrency,
    used: 0,
    lease: undefined,
  }
}

/** Time from which a request may go. Now or earlier: at once. Infinity: only after another answer or permit arrives. */
export function mayGoAt(s: Pacing, now: number): number {
  if (s.inFlight >= s.rules.concurrency || s.fresh >= s.allowed) return Infinity
  if (s.lease !== undefined && permitsAt(s.lease, now) < 1) return Infinity
  if (hasRoom(s)) return s.pausedUntil
  // A further probe goes only if the next window can carry it together with all requests in flight.
  if (s.probeUntil > 0 && s.inFlight >= s.limit) return Infinity
  return Math.max(s.pausedUntil, s.endsAt + s.spread, s.probeUntil)
}

function hasRoom(s: Pacing): boolean {
  return s.left - s.owed > s.inFlight
}

export function pace(s: Pacing, event: PacingEvent): Pacing {
  switch (event.type) {
    case 'sent':
      return sent(s, event.at)
    case 'answered':
      return heard(grow(ended(s, event), event), event, event.reported)
    case 'limited':
      return limited(ended(s, event), event)
    case 'lost': {
      const next = ended(s, event)
      return event.counted
        ? { ...next, probeUntil: 0, owed: next.owed + 1, owedAt: event.at }
        : { ...next, probeUntil: 0 }
    }
    case 'shared':
      return { ...s, lease: startLease(event.at, s.rules.concurrency) }
    case 'granted':
      return granted(s, event)
    case 'ask-failed':
      return s.lease === undefined ? s : { ...s, lease: failAsk(s.lease, event.retryAt) }
  }
}

/** Calls that wait for a turn, and calls known to come (including the waiting ones); `expected` is 0 if unknown. */
export interface Queued {
  readonly waiting: number
  readonly expected: number
}

/** When to ask for permits, or to report use; Infinity if neither is needed. */
export function mustAskAt(s: Pacing, queued: Queued): number {
  if (s.lease === undefined) return Infinity
  const due = askDueAt(s.lease, demandOf(s, queued))
  return s.lease.permits === 0 ? Math.max(due, s.pausedUntil) : due
}

/** Starts an ask. A paused client reports no need. */
export function askBudget(
  s: Pacing,
  lease: Lease,
  queued: Queued,
  at: number,
): { readonly state: Pacing; readonly askBudget: Omit<RateAsk, 'holder' | 'reserve'> } {
  const known = demandOf(s, queued)
  const demand = at < s.pausedUntil ? { ...known, need: 0 } : known
  const begun = beginAsk(lease, demand, at)
  const { reset } = s.clock
  return {
    state: { ...s, lease: begun.lease },
    askBudget: {
      windowMs: s.rules.windowMs,
      assumed: s.rules.assumed,
      want: begun.want,
      need: demand.need,
      active: s.inFlight + begun.lease.permits,
      owed: s.owed,
      ...(s.openedAt > 0 && {
        reported: {
          limit: s.limit,
          ...(reset !== undefined && { window: { reset, left: s.left, endsInMs: s.endsAt - at, used: s.used } }),
        },
      }),
    },
  }
}

function demandOf(s: Pacing, { waiting, expected }: Queued): Demand {
  // An idle client reports no need: expected calls may come late or never, and other clients can use the permits now.
  const idle = waiting + s.inFlight === 0
  return {
    windowMs: s.rules.windowMs,
    need: idle ? 0 : Math.max(waiting, expected),
    exact: expected >= waiting && expected > 0,
    flying: s.inFlight,
    concurrency: s.allowed,
  }
}

/** Takes over new permits, and what all clients of the account know about its window. */
function granted(s: Pacing, { at, active, grant }: Extract<PacingEvent, { type: 'granted' }>): Pacing {
  if (s.lease === undefined) return s
  const next = { ...s, lease: endAsk(s.lease, grant, active, s.rules.windowMs, at) }
  const { window } = grant
  const known = s.clock.reset
  if (window === undefined || (known !== undefined && window.reset < known)) return next
  const { reset, limit } = window
  const endsAt = at + window.endsInMs
  if (reset !== known) {
    const clock = { ...s.clock, reset, most: endsAt - reset }
    return { ...next, limit, clock, left: window.left, used: 0, openedAt: at, endsAt, probeUntil: 0, spread: 0 }
  }
  const sooner = s.clock.trustDate && endsAt < s.endsAt
  return {
    ...next,
    limit,
    left: Math.min(s.left, window.left),
    ...(sooner && { endsAt, clock: { ...s.clock, most: endsAt - reset } }),
  }
}

function sent(s: Pacing, at: number): Pacing {
  const probeUntil = hasRoom(s) ? s.probeUntil : at + probePatienceMs
  const lease = s.lease && { ...s.lease, permits: s.lease.permits - 1, sent: s.lease.sent + 1 }
  return { ...s, inFlight: s.inFlight + 1, fresh: s.fresh + 1, probeUntil, lease }
}

function ended(s: Pacing, event: Ended): Pacing {
  return { ...s, inFlight: s.inFlight - 1, fresh: event.epoch === s.epoch ? s.fresh - 1 : s.fresh }
}

/** A good answer after a pause allows one more request in flight. The pause ends when all are allowed again. */
function grow(s: Pacing, event: Ended): Pacing {
  if (event.epoch !== s.epoch || (s.allowed >= s.rules.concurrency && s.pauses === 0)) return s
  const allowed = Math.min(s.rules.concurrency, s.allowed + 1)
  return { ...s, allowed, pauses: allowed === s.rules.concurrency ? 0 : s.pauses }
}

function heard(s: Pacing, event: Ended, reported: ReportedRate | undefined): Pacing {
  if (reported === undefined) return countedByUs(s, event)
  const { windowMs } = s.rules
  const limit = reported.limit ?? s.limit
  const place = placeOf(s, event, reported)
  if (place === 'older') return s
  // This request was sent after the last loss, so `remaining` already includes all lost requests that were counted.
  const owed = event.sentAt >= s.owedAt ? 0 : s.owed
  const opens = place === 'newer'
  const clock =
    reported.reset === undefined
      ? s.clock
      : hear(s.clock, { ...event, reset: reported.reset, date: reported.date, windowMs })
  return {
    ...s,
    limit,
    owed,
    clock,
    left: opens ? reported.remaining : Math.min(s.left, reported.remaining),
    endsAt: reported.reset !== undefined ? reported.reset + clock.most : opens ? event.at + windowMs : s.endsAt,
    openedAt: opens ? event.at : s.openedAt,
    probeUntil: opens ? 0 : s.probeUntil,
    spread: opens ? 0 : s.spread,
    used: opens ? 1 : s.used + 1,
    // A new window has new permits, so ask at once.
    lease: opens && s.lease !== undefined ? { ...s.lease, askAt: event.at } : s.lease,
  }
}

/** Whether a reply reports the known window, an older one or a newer one. */
function placeOf(s: Pacing, event: Ended, reported: ReportedRate): 'older' | 'same' | 'newer' {
  const known = s.clock.reset
  const sentAfterEnd = event.sentAt >= s.endsAt
  if (reported.reset === undefined) return sentAfterEnd ? 'newer' : 'same'
  if (known === undefined || reported.reset > known) return 'newer'
  // A request sent after we learned of a later window cannot belong to an earlier one: the vendor's clock was set back.
  if (reported.reset < known) return event.sentAt > s.openedAt ? 'newer' : 'older'
  // The same name with a higher count: the server uses one name for all its windows.
  return sentAfterEnd && reported.remaining > s.left ? 'newer' : 'same'
}

function countedByUs(s: Pacing, event: Ended): Pacing {
  if (event.sentAt < s.endsAt) return { ...s, left: Math.max(0, s.left - 1) }
  const endsAt = event.sentAt + s.rules.windowMs
  return { ...s, left: s.limit - 1, owed: 0, openedAt: event.at, endsAt, probeUntil: 0, spread: 0, used: 1 }
}

type Limited = Extract<PacingEvent, { type: 'limited' }>

function limited(s: Pacing, event: Limited): Pacing {
  const { reported } = event
  const usedUp = reported !== undefined && reported.remaining <= 0
  return afterRetryHeader(usedUp ? windowUsedUp(s, event, reported) : overloaded(s, event), event)
}

function windowUsedUp(s: Pacing, event: Limited, reported: ReportedRate): Pacing {
  const place = placeOf(s, event, reported)
  if (place === 'older') return s
  const next = { ...heard(s, event, reported), left: 0, spread: event.random * s.rules.spreadMs }
  if (place === 'newer' || event.sentAt < s.endsAt) return next
  // The probe came before the window's true end: the header was rounded down or a clock is off. Learn the delay.
  const endsAt = event.at + backoffMs(s.rules.backoff, s.pauses, event.random)
  const clock = { ...next.clock, most: endsAt - (reported.reset ?? endsAt) }
  return { ...next, clock, endsAt, pauses: s.pauses + 1, probeUntil: 0, spread: 0 }
}

function overloaded(s: Pacing, event: Limited): Pacing {
  const next = event.reported === undefined ? s : heard(s, event, event.reported)
  if (event.epoch !== s.epoch) return next
  return {
    ...next,
    pausedUntil: event.at + backoffMs(s.rules.backoff, s.pauses, event.random),
    pauses: s.pauses + 1,
    epoch: s.epoch + 1,
    fresh: 0,
    allowed: 1,
    probeUntil: 0,
  }
}

function afterRetryHeader(s: Pacing, event: Limited): Pacing {
  if (event.retryAfterMs <= 0) return s
  return { ...s, pausedUntil: Math.max(s.pausedUntil, event.at + event.retryAfterMs) }
}
