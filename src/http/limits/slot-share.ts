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
import { addSlots, mergeSlots, type Slots } from './slots.ts'

/**
 * Shares a rolling window or a quota among all clients of an account. A pure ledger, like rate-share.ts: the caller
 * stores it and applies one ask after another. Slots are handed out shortly before they become free, with the time from
 * which they may be used, so that none stands idle until the next ask.
 */
export interface SlotLedger {
  readonly use?: SlotUse
  readonly holders: Readonly<Record<string, SlotHolder>>
}

interface SlotHolder {
  /** Slots handed out, without a known answer. */
  readonly held: number
  /** Calls that it would make without any limit. */
  readonly need: number
  /** Time of its latest ask, by the ledger's clock. */
  readonly at: number
}

export interface SlotAsk {
  readonly holder: string
  readonly rules: SlotRules
  /** Slots requested now, beyond those it has. */
  readonly want: number
  /** Calls still to make in total. */
  readonly need: number
  /** Requests in flight and unused slots. */
  readonly active: number
  /** Requests that ended since the last ask: milliseconds ago, and their number. */
  readonly ended: readonly (readonly [agoMs: number, count: number])[]
  readonly reported?: SlotReport
  /** This is the holder's last ask. */
  readonly leaves?: boolean
}

export interface SlotGrant {
  /** New slots: milliseconds until they may be used, and their number. */
  readonly slots: readonly (readonly [inMs: number, count: number])[]
  /** Milliseconds until the holder may ask for more. */
  readonly againMs: number
  /** Milliseconds until a slot is free for this holder; 0 if one is. */
  readonly freeInMs: number
  readonly limit: number
  /** Slots that are free now. */
  readonly left: number
  /** Milliseconds until the count begins anew, if it is known. */
  readonly resetsInMs?: number
}

export const emptySlotLedger: SlotLedger = { holders: {} }

/** A holder that has not asked for so long is gone; its own permits end earlier, at `validMs`. */
export const slotLeaseMs = ({ perMs }: SlotRules): number => Math.min(10_000, Math.max(5_000, perMs))
export const validSlotMs = (rules: SlotRules): number => slotLeaseMs(rules) / 2
const goneShare = 0.6

/** Slots that become free within this time are handed out. */
export const horizonMs = ({ perMs }: SlotRules): number => Math.min(1_000, Math.max(250, perMs / 16))

export function shareSlots(
  before: SlotLedger,
  ask: SlotAsk,
  now: number,
): { readonly ledger: SlotLedger; readonly grant: SlotGrant } {
  const { rules } = ask
  const known = useAt(before.use ?? startUse(rules), rules, now, ask.reported)
  const { use: without, others } = dropGone(known, before, ask, now)
  const booked = ask.ended.reduce((use, [agoMs, count]) => takeSlots(use, rules, now - agoMs, count), without)
  const held = ask.active + Object.values(others).reduce((sum, holder) => sum + holder.held, 0)
  const remaining = ask.reported?.remaining
  const use = remaining === undefined ? booked : hearRemaining(booked, rules, remaining, held, now)

  const free = freeSlots(use, rules, held)
  const becoming = mergeSlots(use.taken, use.foreign)
  const sharers = 1 + Object.values(others).filter(({ need }) => need > 0).length
  const slots = handOut(free, becoming, Math.ceil(ask.want), sharers, now, horizonMs(rules))
  const granted = slots.reduce((sum, [, count]) => sum + count, 0)
  const self = { held: ask.active + granted, need: ask.need, at: now }
  const leaves = ask.leaves === true && self.held === 0
  return {
    ledger: { use, holders: leaves ? others : { ...others, [ask.holder]: self } },
    grant: {
      slots,
      againMs: granted >= ask.want ? 0 : horizonMs(rules) / 4,
      freeInMs: granted > 0 ? 0 : nextFree(free, becoming, now),
      limit: use.limit,
      left: Math.max(0, free - granted),
      ...(use.resetsAt !== undefined && { resetsInMs: use.resetsAt - now }),
    },
  }
}

/** Requests of a holder that is gone may have arrived until now, so its slots are taken for a whole period. */
function dropGone(
  use: SlotUse,
  { holders }: SlotLedger,
  { holder: self, rules }: SlotAsk,
  now: number,
): { readonly use: SlotUse; readonly others: Readonly<Record<string, SlotHolder>> } {
  const leaseMs = slotLeaseMs(rules)
  let left = use
  const others: Record<string, SlotHolder> = {}
  for (const [name, holder] of Object.entries(holders)) {
    if (name === self) continue
    // An ask in the future means that the clock was set back; such a holder counts as gone unless it asks again.
    if (now < holder.at + leaseMs * goneShare && holder.at - now < leaseMs) others[name] = holder
    else left = takeSlots(left, rules, now, holder.held)
  }
  return { use: left, others }
}

/** Free slots first, then those that become free soon, at most a fair part of each. */
function handOut(
  free: number,
  becoming: Slots,
  want: number,
  sharers: number,
  now: number,
  horizon: number,
): SlotGrant['slots'] {
  let given: Slots = []
  let left = want
  let debt = Math.min(0, free)
  const give = (at: number, count: number): void => {
    const part = Math.min(left, Math.ceil(count / sharers))
    given = addSlots(given, at, part, 1)
    left -= part
  }
  if (free > 0) give(now, free)
  for (const [freeAt, count] of becoming) {
    if (left <= 0 || freeAt > now + horizon) break
    const open = count + debt
    debt = Math.min(0, open)
    if (open > 0) give(freeAt, open)
  }
  return given.map(([at, count]) => [Math.max(0, at - now), count])
}

function nextFree(free: number, becoming: Slots, now: number): number {
  let open = free
  if (open > 0) return 0
  for (const [freeAt, count] of becoming) {
    open += count
    if (open > 0) return freeAt - now
  }
  // All slots are held by clients that are alive.
  return 0
}

/** What the account used of the limit, from a stored ledger. */
export function slotsLeft(
  { use, holders }: SlotLedger,
  rules: SlotRules,
  now: number,
): { readonly limit: number; readonly left: number; readonly resetsAt: number | undefined } | undefined {
  if (use === undefined) return undefined
  const at = useAt(use, rules, now)
  const held = Object.values(holders).reduce((sum, holder) => sum + holder.held, 0)
  const { limit, resetsAt } = at
  return { limit, left: Math.max(0, freeSlots(at, { ...rules, reserve: 0 }, held)), resetsAt }
}
