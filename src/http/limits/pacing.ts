import { askDueAt, beginAsk, endAsk, failAsk, permitsAt, startLease, type Demand, type Lease } from './budget-lease.ts'
import { heard, limited } from './pacing-replies.ts'
import { owedAt, type Ended, type Pacing, type PacingEvent, type PacingRules } from './pacing-state.ts'
import type { RateAsk } from './rate-share.ts'
import { freshClock } from './window-clock.ts'

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
  if (hasRoom(s, now)) return s.pausedUntil
  // A further probe goes only if the next window can carry it together with all requests in flight, and with lost ones.
  if (s.probeUntil > 0 && s.inFlight >= s.limit) return Infinity
  const mayCountUntil = s.inFlight + owedAt(s, now) >= s.limit ? s.owedAt + s.rules.windowMs : 0
  return Math.max(s.pausedUntil, s.endsAt + s.spread, s.probeUntil, mayCountUntil)
}

function hasRoom(s: Pacing, now: number): boolean {
  return s.left - owedAt(s, now) > s.inFlight
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
        ? { ...next, probeUntil: 0, owed: owedAt(next, event.at) + 1, owedAt: event.at }
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
      owed: owedAt(s, at),
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
  const probeUntil = hasRoom(s, at) ? s.probeUntil : at + probePatienceMs
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
