import type { HeldMember } from '../model/observed.ts'
import type { Period } from '../model/period.ts'

/** Clocks differ, a call takes its time, and a repeated one takes longer. */
const toleranceMs = 2 * 60_000

/**
 * Whether a membership that stands there now is the one we made when we wrote. In another's name it is not. Where the Target tells since when it stands, that must
 * be when we wrote: older, it was there before us; younger, a person put it there after taking it off. Where it does not
 * tell, our own books decide.
 */
export function isOurs({ appliedAt, byAnother }: HeldMember, wrote: Period | undefined): boolean {
  if (wrote === undefined || byAnother === true) return false
  if (appliedAt === undefined) return true
  const at = appliedAt * 1000
  return at >= wrote.from - toleranceMs && at <= wrote.to + toleranceMs
}
