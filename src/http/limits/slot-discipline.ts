import type { Backoff } from './backoff.ts'
import type { Discipline, ReportedFigures } from './discipline.ts'
import { nextSlotAt } from './slot-lease.ts'
import {
  askSlots,
  grantSlots,
  mustAskSlotsAt,
  pauseUntil,
  shareSlotPacing,
  slotAnswered,
  slotAskFailed,
  slotEnded,
  slotGoesAt,
  slotLimited,
  slotReturnsAt,
  slotSent,
  startSlotPacing,
  type SlotPacing,
} from './slot-pacing.ts'
import { freeSlots, useAt, type SlotReport, type SlotRules } from './slot-rules.ts'
import type { SlotAsk, SlotGrant } from './slot-share.ts'

/** Rolling windows and quotas (slot-rules.ts). `resetsAt`: the end of the period that contains a time, if it is known. */
export function slotDiscipline(
  rules: SlotRules,
  concurrency: number,
  backoff: Backoff,
  resetsAt?: (now: number) => number,
): Discipline<SlotPacing, Omit<SlotAsk, 'holder'>, SlotGrant> {
  const reportOf = (reported: ReportedFigures | undefined, at: number): SlotReport | undefined => {
    const resetsInMs = reported?.resetsInMs ?? endsIn(reported, at) ?? (resetsAt && resetsAt(at) - at)
    if (reported === undefined && resetsInMs === undefined) return undefined
    return {
      ...(reported?.limit !== undefined && { limit: reported.limit }),
      ...(reported?.remaining !== undefined && { remaining: reported.remaining }),
      ...(resetsInMs !== undefined && { resetsInMs }),
    }
  }
  return {
    start: () => startSlotPacing(rules, concurrency, backoff),
    goesAt: slotGoesAt,
    sent: (state) => slotSent(state),
    epochOf: () => 0,
    ended(state, { at, sentAt, how, reported, afterMs, random }) {
      // A request that was rejected over the limit is not counted in it.
      const counted = how === 'answered' || how === 'lost'
      const ended = slotEnded(state, { at, counted, report: how === 'not-sent' ? undefined : reportOf(reported, at) })
      if (how === 'limited') return slotLimited(ended, { at, sentAt, afterMs, random })
      return how === 'answered' ? slotAnswered(ended, sentAt) : ended
    },
    pausedUntil: pauseUntil,
    ...(rules.kind === 'quota' && { returnsAt: slotReturnsAt }),
    shared: shareSlotPacing,
    leaseOf: ({ lease }, now) => lease && { ...lease, hasPermit: nextSlotAt(lease, now) <= now },
    mustAskAt: mustAskSlotsAt,
    ask(state, queued, at) {
      const { lease } = state
      if (lease === undefined) throw new Error('a limit that is not shared asks for slots')
      const begun = askSlots(state, lease, queued, at)
      return { ...begun, active: begun.ask.active }
    },
    granted: grantSlots,
    askFailed: slotAskFailed,
    figures({ use, inFlight }, now) {
      const known = useAt(use, rules, now)
      const free = freeSlots(known, { ...rules, reserve: 0 }, inFlight)
      return { limit: known.limit, remaining: Math.max(0, free), resetsAt: known.resetsAt }
    },
  }
}

/** The vendor's clock may differ from ours by seconds: for periods this long that does not matter. */
function endsIn(reported: ReportedFigures | undefined, at: number): number | undefined {
  return reported?.reset === undefined ? undefined : reported.reset - (reported.date ?? at)
}
