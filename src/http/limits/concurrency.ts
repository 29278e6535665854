/**
 * How many requests may be in flight. When the Target says that it is busy, half as many; then one more for each round of
 * good answers.
 */
export interface Concurrency {
  readonly most: number
  /** A whole number of requests, and the part of the next one that good answers have earned. */
  readonly allowed: number
  readonly inFlight: number
  /** Time of the latest halving. An answer to an earlier request does not show whether it helped. */
  readonly halvedAt: number
  /** No request goes before this time. */
  readonly pausedUntil: number
  /** Busy answers in a row that halving did not resolve. */
  readonly pauses: number
}

export function startConcurrency(most: number): Concurrency {
  return { most, allowed: most, inFlight: 0, halvedAt: -Infinity, pausedUntil: 0, pauses: 0 }
}

/** Time from which a request may go. Infinity: only after another answer arrives. */
export function placeFreeAt(c: Concurrency): number {
  return c.inFlight < Math.floor(c.allowed) ? c.pausedUntil : Infinity
}

export function occupyPlace(c: Concurrency): Concurrency {
  return { ...c, inFlight: c.inFlight + 1 }
}

export function leavePlace(c: Concurrency): Concurrency {
  return { ...c, inFlight: c.inFlight - 1 }
}

export function afterGoodAnswer(c: Concurrency, sentAt: number): Concurrency {
  if (sentAt < c.halvedAt || (c.allowed >= c.most && c.pauses === 0)) return c
  return { ...c, allowed: Math.min(c.most, c.allowed + 1 / Math.floor(c.allowed)), pauses: 0 }
}

/** `pauseMs`: how long no request goes. */
export function afterBusyAnswer(
  c: Concurrency,
  { at, sentAt, pauseMs }: { at: number; sentAt: number; pauseMs: number },
): Concurrency {
  if (sentAt < c.halvedAt) return c
  return {
    ...c,
    allowed: Math.max(1, Math.floor(c.allowed / 2)),
    halvedAt: at,
    pausedUntil: Math.max(c.pausedUntil, at + pauseMs),
    pauses: c.pauses + 1,
  }
}
