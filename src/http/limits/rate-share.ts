/**
 * Sharing one account's rate limit among all who call it: every Run of every process is a holder of permits, one request each.
 * A pure ledger; whoever keeps it applies one ask after another to it.
 *
 * What makes it exact: the vendor's count of what is left, as told by any holder's reply, has in it every request that some holder
 * has had an answer to. So `left` less all permits not yet answered (unsent, in flight, lost) may be handed out, and no window is
 * overrun, whenever and in whatever order those requests arrive: permits outlive windows, and weigh on the next one until used.
 */
export interface RateLedger {
  readonly limit?: number
  /** The vendor's name for the latest window: its end by the vendor's clock, epoch milliseconds. */
  readonly reset?: number
  /** What that window had left when last told, the lowest figure told. */
  readonly left?: number
  /** When it has certainly ended, by the ledger's clock. */
  readonly endsAt?: number
  /** Requests answered in it of holders that have left. */
  readonly usedByGone?: number
  readonly holders: Readonly<Record<string, RateHolder>>
}

interface RateHolder {
  /** Permits handed out and not known to be used and answered. */
  readonly held: number
  /** Requests lost without an answer, which the window may not have counted yet. */
  readonly owed: number
  /** Calls it would make if nothing held it back. */
  readonly need: number
  /** Requests answered in the window `reset`. */
  readonly used: number
  /** Permits handed out in a window that only the ledger's clock knows. */
  readonly granted: number
  /** When it last asked, by the ledger's clock. */
  readonly at: number
}

export const emptyLedger: RateLedger = { holders: {} }

/** What a holder says when it asks. It counts as gone when it has not asked for `windowMs * validShare`, and a bit. */
export interface RateAsk {
  readonly holder: string
  readonly windowMs: number
  /** Share of the limit that is left to the customer's other apps, 0 to 0.9. */
  readonly reserve: number
  /** Requests per window while none has been told. */
  readonly assumed: number
  /** Permits it would like now, beyond those it has. */
  readonly want: number
  /** Calls it has yet to make, all told; 0 with nothing held means that it leaves. */
  readonly need: number
  /** Requests on their way and permits not used yet. */
  readonly active: number
  /** Requests lost without an answer, which the window may not have counted yet. */
  readonly owed: number
  /** It never asks again. */
  readonly leaves?: boolean
  /** What its latest replies said; left out before the first. */
  readonly reported?: RateReport
}

export interface RateReport {
  readonly limit: number
  /** Left out by vendors that do not name their windows. */
  readonly window?: {
    readonly reset: number
    readonly left: number
    /** Milliseconds until it has certainly ended: a duration, since clocks differ. */
    readonly endsInMs: number
    /** Requests of this holder answered in it. */
    readonly used: number
  }
}

export interface RateGrant {
  /** Permits that it may use from now on, as long as it keeps asking. */
  readonly permits: number
  /** It may ask for more after this. */
  readonly againMs: number
  /** The vendor's window as all holders together know it; left out when it has ended or was never known. */
  readonly window?: { readonly reset: number; readonly limit: number; readonly left: number; readonly endsInMs: number }
}

/** Permits are void when their holder has not asked for this share of a window: what a dead process held comes back. */
export const validShare = 0.5
/** By the ledger's clock, for requests that were sent last and are slow to arrive. */
const graceShare = 0.1
/** A window is handed out in slices of this share, evenly, when more is needed than it has. */
export const sliceShare = 1 / 16
/** All is handed out when this share of the window is yet to come, so that the last requests still arrive in it. */
const tailShare = 0.08

export function shareRate(before: RateLedger, ask: RateAsk, now: number): { readonly ledger: RateLedger; readonly grant: RateGrant } {
  const reported = hear(before, ask, now)
  const known = reported.holders[ask.holder]
  const self: RateHolder = {
    held: ask.active, owed: ask.owed, need: ask.need, at: now, granted: known?.granted ?? 0,
    used: ask.reported?.window !== undefined && ask.reported.window.reset === reported.reset ? ask.reported.window.used : 0,
  }
  const holders = { ...reported.holders, [ask.holder]: self }
  const named = ask.reported === undefined || ask.reported.window !== undefined || reported.reset !== undefined
  const ledger = named ? { ...reported, holders } : countedHere({ ...reported, holders }, ask, now)
  const answer = !named ? perClock(ledger, ask, now) : isOver(ledger, ask, now) ? probe(ledger, ask, now) : fromWindow(ledger, ask, now)
  const { permits } = answer
  const after = ledger.holders[ask.holder] ?? self
  if (ask.leaves === true && after.held + permits + after.owed === 0) return { ledger: withoutHolder(ledger, ask.holder), grant: answer }
  return {
    ledger: { ...ledger, holders: { ...ledger.holders, [ask.holder]: { ...after, held: after.held + permits, granted: after.granted + permits } } },
    grant: answer,
  }
}

/** A ledger of all who ever came by in a window would grow with every short Run. */
function withoutHolder(ledger: RateLedger, name: string): RateLedger {
  const { [name]: gone, ...holders } = ledger.holders
  return { ...ledger, usedByGone: (ledger.usedByGone ?? 0) + (gone?.used ?? 0), holders }
}

/** No window ends later than its length from now: one that seems to was noted before the ledger's clock was set back. */
function isOver({ reset, endsAt = 0 }: RateLedger, { windowMs }: RateAsk, now: number): boolean {
  return reset === undefined || now >= endsAt || endsAt - now > windowMs * (1 + graceShare)
}

/** Who asked later than now did so by a clock that was set back since, and is gone if it does not ask again. */
function isAlive({ at }: RateHolder, { windowMs }: RateAsk, now: number): boolean {
  return now < at + windowMs * (validShare + graceShare) && at - now < windowMs
}

function othersAlive(ledger: RateLedger, ask: RateAsk, now: number): readonly RateHolder[] {
  return Object.entries(ledger.holders).flatMap(([name, holder]) => name !== ask.holder && isAlive(holder, ask, now) ? [holder] : [])
}

function sum(holders: readonly RateHolder[], figure: 'held' | 'owed' | 'need' | 'used'): number {
  return holders.reduce((total, holder) => total + holder[figure], 0)
}

/** Takes in what the asker was told of a window: the same as known, or one that follows it. */
function hear(ledger: RateLedger, ask: RateAsk, now: number): RateLedger {
  const limit = ask.reported?.limit ?? ledger.limit ?? ask.assumed
  const window = ask.reported?.window
  if (window === undefined) return { ...ledger, limit }
  const { reset, left, endsInMs } = window
  const endsAt = now + endsInMs
  if (reset === ledger.reset) return { ...ledger, limit, left: Math.min(ledger.left ?? left, left), endsAt: Math.min(ledger.endsAt ?? endsAt, endsAt) }
  // Another name that is not greater opens a window only after the known one: the vendor's clock was set back.
  const opens = endsInMs > 0 && (ledger.reset === undefined || reset > ledger.reset || isOver(ledger, ask, now))
  return opens ? { limit, reset, left, endsAt, holders: onlyAlive(ledger, ask, now) } : ledger
}

function onlyAlive(ledger: RateLedger, ask: RateAsk, now: number): RateLedger['holders'] {
  const alive = Object.entries(ledger.holders).filter(([, holder]) => isAlive(holder, ask, now))
  return Object.fromEntries(alive.map(([name, holder]) => [name, { ...holder, used: 0 }]))
}

/** Of a window that nobody has seen yet, each holder gets one request, to be told of it. */
function probe(ledger: RateLedger, ask: RateAsk, now: number): RateGrant {
  const mayHave = ask.active + sum(othersAlive(ledger, ask, now), 'held') < usableOf(ledger, ask)
  return { permits: ask.want > 0 && ask.active === 0 && mayHave ? 1 : 0, againMs: ask.windowMs / 64 }
}

function fromWindow(ledger: RateLedger, ask: RateAsk, now: number): RateGrant {
  const { windowMs } = ask
  const { limit = ask.assumed, reset = 0, left = 0, endsAt = 0 } = ledger
  const others = othersAlive(ledger, ask, now)
  const held = sum(others, 'held') + sum(others, 'owed') + ask.active + ask.owed
  const used = sum(Object.values(ledger.holders), 'used') + (ledger.usedByGone ?? 0)
  const usable = usableOf(ledger, ask)
  const room = Math.min(left - held, usable - used - held)
  const own = used + held
  // As much of what this window can be for us as its elapsed part and the next slice make: a lag is caught up at once.
  const part = Math.min(1, (windowMs - (endsAt - now) + windowMs * sliceShare) / (windowMs * (1 - tailShare)))
  const enough = room >= ask.need + sum(others, 'need')
  const open = enough ? room : Math.min(room, Math.ceil((own + Math.max(0, room)) * part) - own)
  const sharers = 1 + others.filter(({ need }) => need > 0).length
  const fair = Math.ceil(open / sharers)
  const permits = Math.max(0, Math.min(ask.want, enough ? Math.max(fair, ask.need) : fair))
  const usedUp = left <= 0 || used >= usable
  const pause = usedUp ? Math.min(windowMs / 8, Math.max(1, endsAt - now)) : windowMs * sliceShare / 2
  return { permits, againMs: permits >= ask.want ? 0 : pause, window: { reset, limit, left, endsInMs: endsAt - now } }
}

function usableOf({ limit }: RateLedger, { assumed, reserve }: RateAsk): number {
  return Math.max(1, Math.floor((limit ?? assumed) * (1 - reserve)))
}

/**
 * A vendor that does not name its windows: each holder has an equal part of a window by the ledger's clock. Its own windows begin
 * nobody knows when, so that part is handed out in step with time: then no stretch of that length carries more.
 */
function countedHere(ledger: RateLedger, ask: RateAsk, now: number): RateLedger {
  const endsInMs = (ledger.endsAt ?? now) - now
  if (endsInMs > 0 && endsInMs <= ask.windowMs) return ledger
  const holders = Object.entries(onlyAlive(ledger, ask, now)).map(([name, holder]) => [name, { ...holder, granted: 0 }])
  return { ...ledger, endsAt: now + ask.windowMs, holders: Object.fromEntries(holders) as RateLedger['holders'] }
}

function perClock(ledger: RateLedger, ask: RateAsk, now: number): RateGrant {
  const { windowMs } = ask
  const others = othersAlive(ledger, ask, now).filter(({ need }) => need > 0)
  const part = Math.max(1, usableOf(ledger, ask) / (1 + others.length))
  const elapsed = windowMs - ((ledger.endsAt ?? now) - now)
  const open = Math.floor(part * elapsed / windowMs) - (ledger.holders[ask.holder]?.granted ?? 0)
  const permits = Math.max(0, Math.min(ask.want, open))
  return { permits, againMs: permits >= ask.want ? 0 : Math.max(windowMs * sliceShare / 2, windowMs / part) }
}
