import type { ObservedGroup } from '../model/observed.ts'
import type { Period } from '../model/period.ts'

/** The Target tells whole seconds, and its clock was read off an answer that took its time. */
const toleranceMs = 3000

/** When we put something on, by the Target's clock; or that it stood already and was taken over (`ownership: adopt`). */
export interface Wrote extends Period {
  readonly adopted?: boolean
}

/**
 * Whether a membership that stands there now is the one we made when we wrote. In another's name it is not. Where the Target tells since when it stands, that must
 * be when we wrote: older, it was there before us; younger, a person put it there after taking it off. Where it does not
 * tell, the read before our write decides. What was taken over is ours whoever had put it on, as long as nobody put it on anew.
 */
export function isByUs({ appliedAt, byAnother }: ObservedGroup, wrote: Wrote | undefined): boolean {
  if (wrote === undefined) return false
  if (byAnother === true && wrote.adopted !== true) return false
  if (appliedAt === undefined) return true
  const at = appliedAt * 1000
  return (wrote.adopted === true || at >= wrote.from - toleranceMs) && at <= wrote.to + toleranceMs
}
