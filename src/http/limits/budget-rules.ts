import type { BudgetRule } from './budget-asks.ts'
import { emptyLedger, shareRate, type RateAsk, type RateGrant, type RateLedger } from './rate-share.ts'
import { emptySlotLedger, shareSlots, type SlotAsk, type SlotGrant, type SlotLedger } from './slot-share.ts'

/** An ask without the holder's name, which the budget adds. */
export type RateAskOf = Omit<RateAsk, 'holder'>
export type SlotAskOf = Omit<SlotAsk, 'holder'>

/** Fixed windows. */
export const windowRule: BudgetRule<RateAskOf, RateGrant, RateLedger> = {
  empty: emptyLedger,
  nothing: { permits: 0, againMs: 0 },
  share: shareRate,
  since(ask, ageMs) {
    const window = ask.reported?.window
    if (ask.reported === undefined || window === undefined) return ask
    return { ...ask, reported: { ...ask.reported, window: { ...window, endsInMs: window.endsInMs - ageMs } } }
  },
}

/** Rolling windows and quotas. */
export const slotRule: BudgetRule<SlotAskOf, SlotGrant, SlotLedger> = {
  empty: emptySlotLedger,
  nothing: { slots: [], againMs: 0, freeInMs: 0, limit: 0, left: 0 },
  share: shareSlots,
  since(ask, ageMs) {
    const resetsInMs = ask.reported?.resetsInMs
    return {
      ...ask,
      ended: ask.ended.map(([agoMs, count]) => [agoMs + ageMs, count]),
      ...(resetsInMs !== undefined && { reported: { ...ask.reported, resetsInMs: resetsInMs - ageMs } }),
    }
  },
}
