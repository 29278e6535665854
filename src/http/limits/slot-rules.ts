import { addSlots, countSlots, removeSlots, takenAt, type Slots } from './slots.ts'

/**
 * A limit on the requests of any period of `perMs` (rolling window), or of a longer period that may begin anew at a known
 * time (quota). A request takes a slot. The slot is free again one period after the request was answered: the request
 * arrived at the vendor before that, and the next one leaves later, so no period carries more than the limit, whatever
 * the network does.
 */
export interface SlotRules {
  readonly perMs: number
  /** Requests per period until a reply reports the true number. */
  readonly requests: number
  /** Share of the limit, 0 to 0.9, that is left to the customer's other apps. */
  readonly reserve: number
  /**
   * A quota leaves its reserve unused whoever used the rest. A window lasts seconds: what other apps use of it counts as
   * their reserve.
   */
  readonly kind: 'rolling window' | 'quota'
}

/** What counts against the limit now. */
export interface SlotUse {
  readonly limit: number
  /** Our own answered requests. */
  readonly taken: Slots
  /** Requests of other apps, as far as replies showed them. */
  readonly foreign: Slots
  /** Quotas: time at which the count begins anew, if it is known. */
  readonly resetsAt: number | undefined
}

/** What a reply reports of the limit. */
export interface SlotReport {
  readonly limit?: number
  readonly remaining?: number
  /** Milliseconds until the count begins anew. */
  readonly resetsInMs?: number
}

/**
 * Nobody says when the requests of other apps in a quota without a reset were made. They are counted for this long; then
 * the next reply shows how many still count.
 */
const foreignMs = 15 * 60_000
/** Where the time of the reset is known, nothing is free much later. */
const resetGrainMs = 1_000
/** A period is longest if the clock is shifted a little, or if a quota's day is longer than usual. */
const longestShare = 1.1

export const grainOf = ({ perMs }: SlotRules): number => Math.max(1, perMs / 400)

export function startUse({ requests }: SlotRules): SlotUse {
  return { limit: requests, taken: [], foreign: [], resetsAt: undefined }
}

/** The use at this time, with what the latest reply reported of limit and reset. */
export function useAt(use: SlotUse, rules: SlotRules, now: number, report?: SlotReport): SlotUse {
  const mostMs = rules.perMs * longestShare
  const resetsAt =
    report?.resetsInMs !== undefined && report.resetsInMs > 0
      ? now + report.resetsInMs
      : use.resetsAt !== undefined && use.resetsAt > now && use.resetsAt - now <= mostMs
        ? use.resetsAt
        : undefined
  return {
    limit: report?.limit ?? use.limit,
    taken: takenAt(use.taken, now, mostMs),
    foreign: takenAt(use.foreign, now, mostMs),
    resetsAt,
  }
}

/** Books requests that were answered, or lost, `ageMs` ago. */
export function takeSlots(use: SlotUse, rules: SlotRules, at: number, count: number): SlotUse {
  const freeAt = freeAfter(use, rules, at)
  return { ...use, taken: addSlots(use.taken, freeAt, count, freeAt === use.resetsAt ? resetGrainMs : grainOf(rules)) }
}

/**
 * Compares our count with the vendor's. More requests than ours are those of other apps. `unanswered`: our requests that
 * the vendor may have counted already. In a window that is filled again and again they are no requests of other apps.
 * At the end of a quota the last requests matter: there they count as such until their answers arrive.
 */
export function hearRemaining(
  use: SlotUse,
  rules: SlotRules,
  remaining: number,
  unanswered: number,
  now: number,
): SlotUse {
  const known = countSlots(use.taken) + countSlots(use.foreign)
  const used = use.limit - remaining
  const perhapsCounted = rules.kind === 'quota' ? 0 : unanswered
  if (used > known + perhapsCounted)
    return {
      ...use,
      foreign: addSlots(
        use.foreign,
        freeAfter(use, { perMs: Math.min(rules.perMs, foreignMs) }, now),
        used - known - perhapsCounted,
        Math.min(resetGrainMs, grainOf(rules)),
      ),
    }
  return known > used ? { ...use, foreign: removeSlots(use.foreign, known - used) } : use
}

/** Slots that are free now, without those that `unanswered` requests of ours take. May be negative. */
export function freeSlots({ limit, taken, foreign }: SlotUse, rules: SlotRules, unanswered: number): number {
  const own = countSlots(taken) + unanswered
  const others = countSlots(foreign)
  const usable = Math.max(1, Math.floor(limit * (1 - rules.reserve)))
  return rules.kind === 'quota' ? usable - own - others : Math.min(usable - own, limit - own - others)
}

function freeAfter({ resetsAt }: SlotUse, { perMs }: Pick<SlotRules, 'perMs'>, at: number): number {
  return resetsAt !== undefined && resetsAt > at ? resetsAt : at + perMs
}
