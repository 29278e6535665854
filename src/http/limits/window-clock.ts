/**
 * When does the vendor's window end by our clock? The two clocks differ by an unknown shift (ours less theirs). Every reply
 * bounds it from above, and the lowest bound is a time at which the window has certainly ended:
 *
 * - it came while its window was open, or before: the window began at `reset - windowMs`, so `shift <= at - reset + windowMs`.
 *   So however wrong a clock, no wait is longer than one window from the reply;
 * - it was made at `date` (whole seconds, rounded down) or later: `shift <= at - date`.
 */
export interface WindowClock {
  /** The vendor's name for the current window: its end by the vendor's clock, epoch milliseconds. */
  readonly reset: number | undefined
  /** The shift is at most this, in milliseconds. */
  readonly most: number
  /** False once the `date` header has misled us: it may come from a proxy, or the reset may be rounded. */
  readonly trustDate: boolean
}

export const freshClock: WindowClock = { reset: undefined, most: Infinity, trustDate: true }

/** Two clocks may part by about this much in a window, so an old bound is loosened by it. */
const driftMs = 2

export interface Heard {
  readonly reset: number
  readonly date: number | undefined
  readonly sentAt: number
  readonly at: number
  readonly windowMs: number
}

export function hear(clock: WindowClock, { reset, date, sentAt, at, windowMs }: Heard): WindowClock {
  const latest = at - reset + windowMs
  const known = clock.reset === reset ? clock.most : clock.most + driftMs
  const byDate = clock.trustDate && date !== undefined ? at - date : Infinity
  const most = Math.min(known, latest, byDate)
  // Sent after the window's believed end, and yet counted in it: what we believed was wrong.
  if (sentAt - reset >= most) return { reset, most: latest, trustDate: false }
  if (most === clock.most && reset === clock.reset) return clock
  return { reset, most, trustDate: clock.trustDate }
}
