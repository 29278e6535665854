import type { Queued } from './pacing.ts'
import { grainOf, type SlotReport, type SlotRules } from './slot-rules.ts'
import { horizonMs, slotLeaseMs, validSlotMs, type SlotAsk, type SlotGrant } from './slot-share.ts'
import { addSlots, countSlots, removeSlots, type Slots } from './slots.ts'

/** One client's slots of a limit that it shares: requested before they are needed. */
export interface SlotLease {
  /** The time from which slots may be used, and their number. */
  readonly slots: Slots
  /** The slots expire at this time unless the client asks again: the ledger then considers the client gone. */
  readonly goodUntil: number
  readonly asking: boolean
  /** Start of the latest ask, and earliest start of the next one. */
  readonly askedAt: number
  readonly askAt: number
  /** Number of slots to keep in stock. The client asks for more when half of it is left. */
  readonly stock: number
  /** Requests sent since the latest ask. */
  readonly sent: number
  /** Requests that ended since the latest ask, by time. */
  readonly ended: Slots
  /** Those reported by the ask that is not yet answered. If it fails, they are reported again. */
  readonly reporting: Slots
  /** What the latest reply since the latest ask reported. */
  readonly reported: SlotReport | undefined
  /** Slots and requests that the ledger has booked for this client. */
  readonly booked: number
  /** Time at which the ledger may have a slot for this client. */
  readonly freeAt: number
}

/**
 * `ended`: requests that were answered before the limit was shared, and `reported`: what the last answer reported. The
 * ledger learns of them now.
 */
export function startSlotLease(at: number, stock: number, ended: number, reported?: SlotReport): SlotLease {
  return {
    slots: [],
    goodUntil: at,
    asking: false,
    askedAt: at,
    askAt: at,
    stock,
    sent: 0,
    ended: ended > 0 ? [[at, ended]] : [],
    reporting: [],
    reported,
    booked: 0,
    freeAt: at,
  }
}

export function nextSlotAt({ slots, goodUntil }: SlotLease, now: number): number {
  const first = slots[0]?.[0]
  return first === undefined || now >= goodUntil ? Infinity : first
}

export function useSlot(lease: SlotLease): SlotLease {
  const [first, ...rest] = lease.slots
  if (first === undefined) return lease
  const [at, count] = first
  return { ...lease, sent: lease.sent + 1, slots: count > 1 ? [[at, count - 1], ...rest] : rest }
}

export function endInLease(
  lease: SlotLease,
  rules: SlotRules,
  { at, counted, report }: { readonly at: number; readonly counted: boolean; readonly report: SlotReport | undefined },
  inFlight: number,
): SlotLease {
  const ended = counted ? addSlots(lease.ended, at, 1, grainOf(rules)) : lease.ended
  return {
    ...lease,
    ended,
    slots: rules.kind === 'quota' ? slotsWithin(lease.slots, (report?.remaining ?? Infinity) - inFlight) : lease.slots,
    reported: laterReport(lease.reported, report, rules),
  }
}

/** Other apps may use the rest of a quota while slots of it are in stock. Slots that no longer exist are returned. */
function slotsWithin(slots: Slots, left: number): Slots {
  const excess = countSlots(slots) - Math.max(0, left)
  return excess > 0 ? removeSlots(slots, excess) : slots
}

/** Answers may arrive in another order than the vendor counted. In a quota, the one that left less was counted later. */
function laterReport(
  before: SlotReport | undefined,
  report: SlotReport | undefined,
  { kind }: SlotRules,
): SlotReport | undefined {
  const isEarlier = (before?.remaining ?? Infinity) < (report?.remaining ?? 0)
  return report === undefined || (kind === 'quota' && isEarlier) ? before : report
}

/** What a client needs: without a call waiting or in flight, nothing. */
export interface SlotDemand {
  readonly need: number
  readonly flying: number
  readonly concurrency: number
}

export function slotDemand({ waiting, expected }: Queued, flying: number, concurrency: number): SlotDemand {
  return { need: waiting + flying === 0 ? 0 : Math.max(waiting, expected), flying, concurrency }
}

export function slotAskDueAt(lease: SlotLease, rules: SlotRules, { need, flying }: SlotDemand): number {
  if (lease.asking) return Infinity
  if (need > 0 && countSlots(lease.slots) <= lease.stock / 2) return lease.askAt
  if (countSlots(lease.slots) + flying + lease.booked + lease.ended.length === 0) return Infinity
  const idle = need + flying === 0
  return Math.max(lease.askAt, lease.askedAt + (idle ? slotLeaseMs(rules) / 16 : validSlotMs(rules) / 2))
}

export function beginSlotAsk(
  lease: SlotLease,
  rules: SlotRules,
  { need, flying, concurrency }: SlotDemand,
  at: number,
): { readonly lease: SlotLease; readonly ask: Omit<SlotAsk, 'holder'> } {
  const speed = lease.sent / Math.max(1, at - lease.askedAt)
  const stock = Math.min(need, Math.max(concurrency, Math.ceil(speed * horizonMs(rules) * 2)))
  const slots = need === 0 || at >= lease.goodUntil ? [] : lease.slots
  const ended = [...lease.reporting, ...lease.ended]
  return {
    lease: {
      ...lease,
      slots,
      stock,
      asking: true,
      askedAt: at,
      sent: 0,
      ended: [],
      reporting: ended,
      reported: undefined,
    },
    ask: {
      rules,
      want: Math.max(0, stock - countSlots(slots)),
      need,
      active: flying + countSlots(slots),
      ended: ended.map(([endedAt, count]) => [Math.max(0, at - endedAt), count]),
      ...(lease.reported !== undefined && { reported: lease.reported }),
    },
  }
}

export function endSlotAsk(
  lease: SlotLease,
  rules: SlotRules,
  grant: SlotGrant,
  active: number,
  at: number,
): SlotLease {
  const granted = grant.slots.map(([inMs, count]): [number, number] => [at + inMs, count])
  return {
    ...lease,
    asking: false,
    // Slots that expired before this answer may have been handed to others.
    slots: at < lease.goodUntil ? [...lease.slots, ...granted] : granted,
    goodUntil: lease.askedAt + validSlotMs(rules),
    askAt: at + grant.againMs,
    reporting: [],
    booked: active + countSlots(granted),
    freeAt: at + grant.freeInMs,
  }
}

export function failSlotAsk(lease: SlotLease, retryAt: number): SlotLease {
  return { ...lease, asking: false, askAt: retryAt }
}
