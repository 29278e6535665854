/**
 * Finds the end of the vendor's window by our clock. The clocks differ by an unknown shift (our clock minus the
 * vendor's). Every reply gives an upper bound of the shift. The lowest bound gives a time at which the window has
 * certainly ended:
 *
 * - A reply arrives after its window began at `reset - windowMs`, so `shift <= at - reset + windowMs`. However wrong a
 *   clock is, no wait exceeds one window from the reply.
 * - A reply was made at `date` (whole seconds, rounded down) or later, so `shift <= at - date`.
 */
export interface WindowClock {
  /** The vendor's name of the current window: its end in epoch milliseconds of the vendor's clock. */
  readonly reset: number | undefined
  /** Upper bound of the shift, in milliseconds. */
  readonly most: number
  /** False once the `date` header proved wrong: it may come from a proxy, or the reset may be rounded. */
  readonly trustDate: boolean
}

export const freshClock: WindowClock = { reset: undefined, most: Infinity, trustDate: true }

/** Two clocks may drift apart by about this much per window, so an older bound is increased by it. */
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
  // The request was sent after the assumed end of the window but counted in it, so the assumption was wrong.
  if (sentAt - reset >= most) return { reset, most: latest, trustDate: false }
  if (most === clock.most && reset === clock.reset) return clock
  return { reset, most, trustDate: clock.trustDate }
}
