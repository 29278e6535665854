/**
 * Shares one account's rate limit among all its clients. Every Run of every process is a holder of permits, one request
 * each. This is a pure ledger: the caller stores it and applies one ask after another.
 *
 * Why it is exact: the `left` that a reply reports includes every request that any holder got an answer to. So `left`
 * minus all unanswered permits (unsent, in flight, lost) can be handed out without exceeding any window, in whatever
 * order the requests arrive. Permits outlive windows: an unused permit counts against the next window.
 */
export interface RateLedger {
  readonly limit?: number
  /** The vendor's name of the latest window: its end in epoch milliseconds of the vendor's clock. */
  readonly reset?: number
  /** Lowest reported number of requests left in that window. */
  readonly left?: number
  /** Time by the ledger's clock at which the window has certainly ended. */
  readonly endsAt?: number
  /** Requests in the window that were answered to holders that have left. */
  readonly usedByGone?: number
  readonly holders: Readonly<Record<string, RateHolder>>
}

interface RateHolder {
  /** Permits handed out, without a known answer. */
  readonly held: number
  /** Requests lost without an answer that the window may not have counted yet. */
  readonly owed: number
  /** Calls that it would make without any limit. */
  readonly need: number
  /** Requests answered in the window `reset`. */
  readonly used: number
  /** Permits handed out in a window of the ledger's own clock (`countedHere`). */
  readonly granted: number
  /** Time of its latest ask, by the ledger's clock. */
  readonly at: number
}

export const emptyLedger: RateLedger = { holders: {} }

/**
 * A holder's request for permits. The holder counts as gone `windowMs * (validShare + graceShare)` after its last ask.
 */
export interface RateAsk {
  readonly holder: string
  readonly windowMs: number
  /** Share of the limit reserved for the customer's other apps, 0 to 0.9. */
  readonly reserve: number
  /** Requests per window until a limit is reported. */
  readonly assumed: number
  /** Permits requested now, beyond those it has. */
  readonly want: number
  /** Calls still to make in total. */
  readonly need: number
  /** Requests in flight and unused permits. */
  readonly active: number
  /** Requests lost without an answer that the window may not have counted yet. */
  readonly owed: number
  /** This is the holder's last ask. */
  readonly leaves?: boolean
  /** What its latest replies reported; omitted before the first. */
  readonly reported?: RateReport
}

export interface RateReport {
  readonly limit: number
  /** Omitted for vendors that do not name their windows. */
  readonly window?: {
    readonly reset: number
    readonly left: number
    /** Milliseconds until the window has certainly ended. A duration, since clocks differ. */
    readonly endsInMs: number
    /** Requests of this holder answered in the window. */
    readonly used: number
  }
}

export interface RateGrant {
  /** New permits. They are valid as long as the holder keeps asking. */
  readonly permits: number
  /** Milliseconds until the holder may ask for more. */
  readonly againMs: number
  /** The vendor's window as known from all holders; omitted if it has ended or was never reported. */
  readonly window?: { readonly reset: number; readonly limit: number; readonly left: number; readonly endsInMs: number }
}

/**
 * Permits expire if their holder does not ask for this share of a window. So permits of a dead process are returned.
 */
export const validShare = 0.5
/** Grace period, by the ledger's clock, for requests that were sent last and arrive late. */
const graceShare = 0.1
/** After another share, the reports of the other holders include them. */
const lateShare = 0.25
/** If the need exceeds the window, the window is handed out evenly in slices of this share. */
export const sliceShare = 1 / 16
/** Everything is handed out this share before the window's end, so that the last requests still arrive in it. */
const tailShare = 0.08

export function shareRate(
  before: RateLedger,
  ask: RateAsk,
  now: number,
): { readonly ledger: RateLedger; readonly grant: RateGrant } {
  const reported = hear(before, ask, now)
  const known = reported.holders[ask.holder]
  const self: RateHolder = {
    held: ask.active,
    owed: ask.owed,
    need: ask.need,
    at: now,
    granted: known?.granted ?? 0,
    used:
      ask.reported?.window !== undefined && ask.reported.window.reset === reported.reset ? ask.reported.window.used : 0,
  }
  const holders = { ...reported.holders, [ask.holder]: self }
  const named = ask.reported === undefined || ask.reported.window !== undefined || reported.reset !== undefined
  const ledger = named ? { ...reported, holders } : countedHere({ ...reported, holders }, ask, now)
  const answer = !named
    ? perClock(ledger, ask, now)
    : isOver(ledger, ask, now)
      ? probe(ledger, ask, now)
      : fromWindow(ledger, ask, now)
  const { permits } = answer
  const after = ledger.holders[ask.holder] ?? self
  if (ask.leaves === true && after.held + permits + after.owed === 0)
    return { ledger: withoutHolder(ledger, ask.holder), grant: answer }
  return {
    ledger: {
      ...ledger,
      holders: {
        ...ledger.holders,
        [ask.holder]: { ...after, held: after.held + permits, granted: after.granted + permits },
      },
    },
    grant: answer,
  }
}

/** Removes a holder that left; otherwise the ledger would grow with every short Run. */
function withoutHolder(ledger: RateLedger, name: string): RateLedger {
  const { [name]: gone, ...holders } = ledger.holders
  return { ...ledger, usedByGone: (ledger.usedByGone ?? 0) + (gone?.used ?? 0), holders }
}

/** A window never ends later than its length from now. If it seems to, the ledger's clock was set back. */
function isOver({ reset, endsAt = 0 }: RateLedger, { windowMs }: RateAsk, now: number): boolean {
  return reset === undefined || now >= endsAt || endsAt - now > windowMs * (1 + graceShare)
}

/** An ask in the future means that the clock was set back; such a holder counts as gone unless it asks again. */
function isAlive({ at }: RateHolder, { windowMs }: RateAsk, now: number): boolean {
  return now < at + windowMs * (validShare + graceShare) && at - now < windowMs
}

function othersAlive(ledger: RateLedger, ask: RateAsk, now: number): readonly RateHolder[] {
  return othersIn(ledger, ask).filter((holder) => isAlive(holder, ask, now))
}

/** Permits and lost requests that the window may come to count. */
function mayBeSent(others: readonly RateHolder[], { active, owed }: RateAsk): number {
  return sum(others, 'held') + sum(others, 'owed') + active + owed
}

/** Also holders that are gone, until the next window. */
function othersIn({ holders }: RateLedger, ask: RateAsk): readonly RateHolder[] {
  return Object.entries(holders).flatMap(([name, holder]) => (name === ask.holder ? [] : [holder]))
}

function sum(holders: readonly RateHolder[], figure: 'held' | 'owed' | 'need' | 'used'): number {
  return holders.reduce((total, holder) => total + holder[figure], 0)
}

/** Applies the window that the holder reported: the known window or a newer one. */
function hear(ledger: RateLedger, ask: RateAsk, now: number): RateLedger {
  const limit = ask.reported?.limit ?? ledger.limit ?? ask.assumed
  const window = ask.reported?.window
  if (window === undefined) return { ...ledger, limit }
  const { reset, left, endsInMs } = window
  const endsAt = now + endsInMs
  if (reset === ledger.reset)
    return {
      ...ledger,
      limit,
      left: Math.min(ledger.left ?? left, left),
      endsAt: Math.min(ledger.endsAt ?? endsAt, endsAt),
    }
  // A window name that is not greater opens a new window only after the known one ended: the vendor's clock was set
  // back.
  const opens = endsInMs > 0 && (ledger.reset === undefined || reset > ledger.reset || isOver(ledger, ask, now))
  return opens ? { limit, reset, left, endsAt, holders: onlyCounting(ledger, ask, now) } : ledger
}

/** Alive, or gone for less than this share of a window. */
function wasAliveWithin(share: number, holder: RateHolder, ask: RateAsk, now: number): boolean {
  return isAlive(holder, ask, now) || isAlive(holder, ask, now - ask.windowMs * share)
}

function onlyCounting(ledger: RateLedger, ask: RateAsk, now: number): RateLedger['holders'] {
  const alive = Object.entries(ledger.holders).filter(([, holder]) => wasAliveWithin(lateShare, holder, ask, now))
  return Object.fromEntries(alive.map(([name, holder]) => [name, { ...holder, used: 0 }]))
}

/** Nothing is known of the window: each holder gets one request, whose answer reports it. */
function probe(ledger: RateLedger, ask: RateAsk, now: number): RateGrant {
  // The window that counts the last requests of a holder that is gone ends one window after them at the latest.
  const others = othersIn(ledger, ask).filter((holder) => wasAliveWithin(1, holder, ask, now))
  const mayHave = mayBeSent(others, ask) < usableOf(ledger, ask)
  return { permits: ask.want > 0 && ask.active === 0 && mayHave ? 1 : 0, againMs: ask.windowMs / 64 }
}

function fromWindow(ledger: RateLedger, ask: RateAsk, now: number): RateGrant {
  const { windowMs } = ask
  const { limit = ask.assumed, reset = 0, left = 0, endsAt = 0 } = ledger
  const others = othersAlive(ledger, ask, now)
  const held = mayBeSent(
    othersIn(ledger, ask).filter((holder) => wasAliveWithin(lateShare, holder, ask, now)),
    ask,
  )
  const used = sum(Object.values(ledger.holders), 'used') + (ledger.usedByGone ?? 0)
  const usable = usableOf(ledger, ask)
  // Nobody reports what a holder that is gone used of this window, so with a reserve all that it had counts as used.
  const most = ask.reserve > 0 ? usable - used - mayBeSent(othersIn(ledger, ask), ask) : Infinity
  const room = Math.min(left - held, most)
  const own = used + held
  // Open the elapsed part of the window plus the next slice, so that a lag is made up at once.
  const part = Math.min(1, (windowMs - (endsAt - now) + windowMs * sliceShare) / (windowMs * (1 - tailShare)))
  const enough = room >= ask.need + sum(others, 'need')
  const open = enough ? room : Math.min(room, Math.ceil((own + Math.max(0, room)) * part) - own)
  const sharers = 1 + others.filter(({ need }) => need > 0).length
  const fair = Math.ceil(open / sharers)
  const permits = Math.max(0, Math.min(ask.want, enough ? Math.max(fair, ask.need) : fair))
  const usedUp = left <= 0 || used >= usable
  const pause = usedUp ? Math.min(windowMs / 8, Math.max(1, endsAt - now)) : (windowMs * sliceShare) / 2
  return { permits, againMs: permits >= ask.want ? 0 : pause, window: { reset, limit, left, endsInMs: endsAt - now } }
}

function usableOf({ limit }: RateLedger, { assumed, reserve }: RateAsk): number {
  return Math.max(1, Math.floor((limit ?? assumed) * (1 - reserve)))
}

/**
 * For vendors that do not name their windows: each holder gets an equal part of a window by the ledger's clock. The
 * true start of the vendor's window is unknown, so the part is handed out in step with time: then no period of that
 * length carries more.
 */
function countedHere(ledger: RateLedger, ask: RateAsk, now: number): RateLedger {
  const endsInMs = (ledger.endsAt ?? now) - now
  if (endsInMs > 0 && endsInMs <= ask.windowMs) return ledger
  const holders = Object.entries(onlyCounting(ledger, ask, now)).map(([name, holder]) => [
    name,
    { ...holder, granted: 0 },
  ])
  return { ...ledger, endsAt: now + ask.windowMs, holders: Object.fromEntries(holders) as RateLedger['holders'] }
}

function perClock(ledger: RateLedger, ask: RateAsk, now: number): RateGrant {
  const { windowMs } = ask
  const others = othersAlive(ledger, ask, now).filter(({ need }) => need > 0)
  const part = Math.max(1, usableOf(ledger, ask) / (1 + others.length))
  const elapsed = windowMs - ((ledger.endsAt ?? now) - now)
  const open = Math.floor((part * elapsed) / windowMs) - (ledger.holders[ask.holder]?.granted ?? 0)
  const permits = Math.max(0, Math.min(ask.want, open))
  return { permits, againMs: permits >= ask.want ? 0 : Math.max((windowMs * sliceShare) / 2, windowMs / part) }
}
