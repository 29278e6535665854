import type { ObservedGroup } from '../model/observed.ts'
import type { Period } from '../model/period.ts'

/** The Target reports whole seconds, and its clock was measured from a response that took some time. */
const toleranceMs = 3000

/**
 * When we added a group, by the Target's clock. `adopted`: it existed already and was taken over (`ownership: adopt`).
 */
export interface Wrote extends Period {
  readonly adopted?: boolean
}

/**
 * Whether a link that exists now is the one that we wrote. With another author it is not. If the Target reports since
 * when the link exists, that must be the time of our write: an older link was there before us, and a younger one was
 * added by a person after a removal. If it reports no time, the read before our write decides. An adopted link
 * counts as ours, unless it was added again since.
 */
export function isByUs({ appliedAt, byAnother }: ObservedGroup, wrote: Wrote | undefined): boolean {
  if (wrote === undefined) return false
  if (byAnother === true && wrote.adopted !== true) return false
  if (appliedAt === undefined) return true
  const at = appliedAt * 1000
  return (wrote.adopted === true || at >= wrote.from - toleranceMs) && at <= wrote.to + toleranceMs
}
