import type { TargetObject } from '../../connect/target.ts'

/** How long the next Run may use index answers that a deferred Run kept, in milliseconds. */
export const keptReadsMs = 5 * 60_000

/** An index answer, fresh or kept, may not show what was written within this time, in milliseconds. */
export function unseenMs({ indexLagMs }: Pick<TargetObject, 'indexLagMs'>): number {
  return indexLagMs + keptReadsMs
}
