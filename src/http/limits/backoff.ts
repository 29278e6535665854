export interface Backoff {
  /** Longest wait after the first failure, in milliseconds. */
  readonly baseMs: number
  /** Longest wait overall, in milliseconds. */
  readonly capMs: number
}

/**
 * Wait after failure number `attempt` (0 for the first): exponential, with equal jitter. The fixed half gives an
 * overloaded server time to recover; the random half keeps many clients from retrying together.
 */
export function backoffMs(backoff: Backoff, attempt: number, random: number): number {
  const ceiling = Math.min(backoff.capMs, backoff.baseMs * 2 ** attempt)
  return ceiling / 2 + (random * ceiling) / 2
}
