import { sliceShare, validShare, type RateGrant } from './rate-share.ts'

/** One client's part of an account's budget: permits, one request each, that it asked for ahead of need. */
export interface Lease {
  readonly permits: number
  /** They are void from then on, unless it has asked again: who keeps the ledger may take it for dead. */
  readonly goodUntil: number
  readonly asking: boolean
  /** When the latest ask began, and when the next may. */
  readonly askedAt: number
  readonly askAt: number
  /** As many permits as it likes to have in stock: half of that left, it asks for more. */
  readonly stock: number
  /** Requests sent since it last asked. */
  readonly sent: number
  /** What the ledger believes it holds. */
  readonly booked: number
}

export function startLease(at: number, stock: number): Lease {
  return { permits: 0, goodUntil: at, asking: false, askedAt: at, askAt: at, stock, sent: 0, booked: 0 }
}

/** What a client has to do and is doing. */
export interface Demand {
  readonly windowMs: number
  /** Calls yet to make: those that wait for their turn, or more where more are known to come. */
  readonly need: number
  /** More calls are known to come than wait, so that `need` is all there is. */
  readonly exact: boolean
  /** Requests on their way, and how many there may be. */
  readonly flying: number
  readonly concurrency: number
}

export function permitsAt(lease: Lease, at: number): number {
  return at < lease.goodUntil ? lease.permits : 0
}

/** When to ask: for more before it runs out, or to say what is still held, and at last that nothing is. */
export function askDueAt(lease: Lease, { need, flying, windowMs }: Demand): number {
  if (lease.asking) return Infinity
  if (need > 0 && lease.permits <= lease.stock / 2) return lease.askAt
  if (lease.permits + flying + lease.booked === 0) return Infinity
  return Math.max(lease.askAt, lease.askedAt + windowMs * (need + flying === 0 ? sliceShare : validShare / 2))
}

/** Begins to ask for enough to go on for a slice of the window at the present speed. Who needs nothing gives back what it has. */
export function beginAsk(lease: Lease, { windowMs, need, exact, concurrency }: Demand, at: number): { readonly lease: Lease; readonly want: number } {
  const slice = lease.sent / Math.max(1, at - lease.askedAt) * windowMs * sliceShare
  const asked = Math.max(concurrency, Math.ceil(slice))
  const stock = exact ? Math.min(asked, need) : asked
  const permits = need === 0 ? 0 : permitsAt(lease, at)
  return { lease: { ...lease, permits, stock, asking: true, askedAt: at, sent: 0 }, want: need === 0 ? 0 : Math.max(0, stock - permits) }
}

export function endAsk(lease: Lease, { permits, againMs }: RateGrant, active: number, windowMs: number, at: number): Lease {
  return {
    ...lease, asking: false, permits: lease.permits + permits, goodUntil: lease.askedAt + windowMs * validShare, askAt: at + againMs,
    booked: active + permits,
  }
}

export function failAsk(lease: Lease, retryAt: number): Lease {
  return { ...lease, asking: false, askAt: retryAt }
}
