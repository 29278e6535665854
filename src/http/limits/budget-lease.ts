import { sliceShare, validShare, type RateGrant } from './rate-share.ts'

/** One client's part of an account's budget: permits for one request each, requested before they are needed. */
export interface Lease {
  readonly permits: number
  /** The permits expire at this time unless the client asks again: the ledger then considers the client dead. */
  readonly goodUntil: number
  readonly asking: boolean
  /** Start of the latest ask, and earliest start of the next one. */
  readonly askedAt: number
  readonly askAt: number
  /** Number of permits to keep in stock. The client asks for more when half of it is left. */
  readonly stock: number
  /** Requests sent since the latest ask. */
  readonly sent: number
  /** Permits and requests that the ledger has booked for this client. */
  readonly booked: number
}

export function startLease(at: number, stock: number): Lease {
  return { permits: 0, goodUntil: at, asking: false, askedAt: at, askAt: at, stock, sent: 0, booked: 0 }
}

/** The client's current and future work. */
export interface Demand {
  readonly windowMs: number
  /** Calls still to make: the waiting calls, or the expected calls if there are more of them. */
  readonly need: number
  /** The number of calls to come is known, so `need` is the total. */
  readonly exact: boolean
  /** Requests in flight, and their maximum. */
  readonly flying: number
  readonly concurrency: number
}

export function permitsAt(lease: Lease, at: number): number {
  return at < lease.goodUntil ? lease.permits : 0
}

/** When to ask: for more permits before they run out, to report the permits still held, and finally to return them. */
export function askDueAt(lease: Lease, { need, flying, windowMs }: Demand): number {
  if (lease.asking) return Infinity
  if (need > 0 && lease.permits <= lease.stock / 2) return lease.askAt
  if (lease.permits + flying + lease.booked === 0) return Infinity
  return Math.max(lease.askAt, lease.askedAt + windowMs * (need + flying === 0 ? sliceShare : validShare / 2))
}

/** Starts an ask for one slice of the window at the current speed. A client without need returns its permits. */
export function beginAsk(
  lease: Lease,
  { windowMs, need, exact, concurrency }: Demand,
  at: number,
): { readonly lease: Lease; readonly want: number } {
  const slice = (lease.sent / Math.max(1, at - lease.askedAt)) * windowMs * sliceShare
  const asked = Math.max(concurrency, Math.ceil(slice))
  const stock = exact ? Math.min(asked, need) : asked
  const permits = need === 0 ? 0 : permitsAt(lease, at)
  return {
    lease: { ...lease, permits, stock, asking: true, askedAt: at, sent: 0 },
    want: need === 0 ? 0 : Math.max(0, stock - permits),
  }
}

export function endAsk(
  lease: Lease,
  { permits, againMs }: RateGrant,
  active: number,
  windowMs: number,
  at: number,
): Lease {
  return {
    ...lease,
    asking: false,
    // Permits that expired before this answer may have been handed to others.
    permits: permitsAt(lease, at) + permits,
    goodUntil: lease.askedAt + windowMs * validShare,
    askAt: at + againMs,
    booked: active + permits,
  }
}

export function failAsk(lease: Lease, retryAt: number): Lease {
  return { ...lease, asking: false, askAt: retryAt }
}
