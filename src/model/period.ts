/** A time span in unix milliseconds. */
export interface Period {
  readonly from: number
  readonly to: number
}

/** Assumed maximum difference to another machine's clock if the two were never compared. */
export const unknownClockMs = 2 * 60_000

/** The same span by a clock that was never compared with ours, widened by the maximum difference. */
export function byUnknownClock({ from, to }: Period): Period {
  return { from: from - unknownClockMs, to: to + unknownClockMs }
}
