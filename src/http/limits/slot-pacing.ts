import { backoffMs, type Backoff } from './backoff.ts'
import type { Queued } from './pacing.ts'
import {
  beginSlotAsk,
  endInLease,
  endSlotAsk,
  failSlotAsk,
  nextSlotAt,
  slotAskDueAt,
  slotDemand,
  startSlotLease,
  useSlot,
  type SlotLease,
} from './slot-lease.ts'
import {
  freeSlots,
  hearRemaining,
  startUse,
  takeSlots,
  useAt,
  type SlotReport,
  type SlotRules,
  type SlotUse,
} from './slot-rules.ts'
import type { SlotAsk, SlotGrant } from './slot-share.ts'
import { countSlots, mergeSlots } from './slots.ts'

/**
 * Decides when the next request of a rolling window or a quota may go. A pure state machine: see slot-rules.ts for why it
 * is exact. On a shared account each request takes a slot of a lease (slot-share.ts).
 */
export interface SlotPacing {
  readonly rules: SlotRules
  readonly backoff: Backoff
  readonly concurrency: number
  readonly use: SlotUse
  /** What the latest reply reported. */
  readonly reported: SlotReport | undefined
  readonly inFlight: number
  /** No request goes before this time. */
  readonly pausedUntil: number
  /** Start of the latest pause, and the number of pauses in a row. */
  readonly pausedAt: number
  readonly pauses: number
  /** Undefined while the limit is not shared. */
  readonly lease: SlotLease | undefined
}

export function startSlotPacing(rules: SlotRules, concurrency: number, backoff: Backoff): SlotPacing {
  return {
    rules,
    backoff,
    concurrency,
    use: startUse(rules),
    reported: undefined,
    inFlight: 0,
    pausedUntil: 0,
    pausedAt: 0,
    pauses: 0,
    lease: undefined,
  }
}

/** Time from which a request may go. Infinity: only after another answer or grant arrives. */
export function slotGoesAt(s: SlotPacing, now: number): number {
  return Math.max(s.pausedUntil, s.lease === undefined ? freeFrom(s, now) : nextSlotAt(s.lease, now))
}

/** Time at which a slot is free again, if none is now and none becomes free by an answer alone. */
export function slotReturnsAt(s: SlotPacing, now: number): number {
  if (s.pausedUntil > now) return s.pausedUntil
  if (s.lease !== undefined) return nextSlotAt(s.lease, now) < Infinity ? now : Math.max(now, s.lease.freeAt)
  const at = freeFrom(s, now)
  return at === Infinity ? now : at
}

function freeFrom({ use, rules, inFlight }: SlotPacing, now: number): number {
  const current = useAt(use, rules, now)
  let free = freeSlots(current, rules, inFlight)
  if (free > 0) return now
  for (const [freeAt, count] of mergeSlots(current.taken, current.foreign)) {
    free += count
    if (free > 0) return freeAt
  }
  return Infinity
}

export function slotSent(s: SlotPacing): SlotPacing {
  return { ...s, inFlight: s.inFlight + 1, lease: s.lease && useSlot(s.lease) }
}

export interface SlotEnded {
  readonly at: number
  /** The vendor may have counted the request. */
  readonly counted: boolean
  readonly report: SlotReport | undefined
}

export function slotEnded(s: SlotPacing, event: SlotEnded): SlotPacing {
  const { at, counted, report } = event
  const inFlight = s.inFlight - 1
  const known = useAt(s.use, s.rules, at, report)
  const booked = counted ? takeSlots(known, s.rules, at, 1) : known
  const use = report?.remaining === undefined ? booked : hearRemaining(booked, s.rules, report.remaining, inFlight, at)
  const lease = s.lease && endInLease(s.lease, s.rules, event, inFlight)
  return { ...s, inFlight, use, reported: report ?? s.reported, lease }
}

/** A good answer: the pauses helped. */
export function slotAnswered(s: SlotPacing, sentAt: number): SlotPacing {
  return s.pauses > 0 && sentAt >= s.pausedAt ? { ...s, pauses: 0 } : s
}

/** The vendor rejected a request over this limit. `afterMs`: how long it says to wait, 0 if it does not say. */
export function slotLimited(
  s: SlotPacing,
  { at, sentAt, afterMs, random }: { at: number; sentAt: number; afterMs: number; random: number },
): SlotPacing {
  const waiting = afterMs > 0 ? { ...s, pausedUntil: Math.max(s.pausedUntil, at + afterMs) } : s
  // Requests that were already on their way say nothing of the pause.
  if (s.pauses > 0 && sentAt < s.pausedAt) return waiting
  const capMs = Math.min(s.backoff.capMs, s.rules.perMs)
  const waitMs = afterMs > 0 ? afterMs : backoffMs({ ...s.backoff, capMs }, s.pauses, random)
  return { ...waiting, pausedAt: at, pauses: s.pauses + 1, pausedUntil: Math.max(waiting.pausedUntil, at + waitMs) }
}

export function pauseUntil(s: SlotPacing, until: number): SlotPacing {
  return { ...s, pausedUntil: Math.max(s.pausedUntil, until) }
}

export function shareSlotPacing(s: SlotPacing, at: number): SlotPacing {
  const ended = countSlots(useAt(s.use, s.rules, at).taken)
  return { ...s, lease: startSlotLease(at, s.concurrency, ended, s.reported) }
}

export function mustAskSlotsAt(s: SlotPacing, queued: Queued): number {
  if (s.lease === undefined) return Infinity
  const due = slotAskDueAt(s.lease, s.rules, slotDemand(queued, s.inFlight, s.concurrency))
  return s.lease.slots.length === 0 ? Math.max(due, s.pausedUntil) : due
}

export function askSlots(
  s: SlotPacing,
  lease: SlotLease,
  queued: Queued,
  at: number,
): { readonly state: SlotPacing; readonly ask: Omit<SlotAsk, 'holder'> } {
  const demand = slotDemand(queued, s.inFlight, s.concurrency)
  const begun = beginSlotAsk(lease, s.rules, at < s.pausedUntil ? { ...demand, need: 0 } : demand, at)
  return { state: { ...s, lease: begun.lease }, ask: begun.ask }
}

export function grantSlots(s: SlotPacing, grant: SlotGrant, active: number, at: number): SlotPacing {
  if (s.lease === undefined) return s
  const resetsAt = grant.resetsInMs === undefined ? undefined : at + grant.resetsInMs
  const use = { ...s.use, limit: grant.limit, resetsAt: resetsAt ?? s.use.resetsAt }
  return { ...s, use, lease: endSlotAsk(s.lease, s.rules, grant, active, at) }
}

export function slotAskFailed(s: SlotPacing, retryAt: number): SlotPacing {
  return s.lease === undefined ? s : { ...s, lease: failSlotAsk(s.lease, retryAt) }
}
