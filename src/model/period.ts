/** A stretch of time, in unix milliseconds. */
export interface Period {
  readonly from: number
  readonly to: number
}

/** By how much another machine's clock may differ where nobody compared the two. */
export const unknownClockMs = 2 * 60_000

/** The same stretch by a clock that was never compared with ours: as long as it may be. */
export function byUnknownClock({ from, to }: Period): Period {
  return { from: from - unknownClockMs, to: to + unknownClockMs }
}
