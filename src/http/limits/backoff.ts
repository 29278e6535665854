export interface Backoff {
  /** Longest wait after the first failure, in milliseconds. */
  readonly baseMs: number
  /** No wait is longer than this. */
  readonly capMs: number
}

/**
 * How long to wait after failure number `attempt` (0 for the first): doubling, with equal jitter. Half is certain, so that a
 * server in trouble gets its rest; half is drawn, so that many waiters do not come back together.
 */
export function backoffMs(backoff: Backoff, attempt: number, random: number): number {
  const ceiling = Math.min(backoff.capMs, backoff.baseMs * 2 ** attempt)
  return ceiling / 2 + (random * ceiling) / 2
}
