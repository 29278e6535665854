import type { OperationKind } from '../../model/operation.ts'
import type { Outcome } from '../../model/outcome.ts'

const hourMs = 3_600_000
const longestRetryMs = 7 * 24 * hourMs

export const makes: ReadonlySet<OperationKind> = new Set(['create', 'upsert'])
export const setsFields: ReadonlySet<OperationKind> = new Set(['create', 'upsert', 'update'])
export const takesAway: ReadonlySet<OperationKind> = new Set(['detach', 'delete', 'archive'])

/** How long a Record waits after a rejection, in ms, by its earlier rejections. After the first: until the next Run. */
export function retryPause(rejections: number): number {
  return rejections === 0 ? 0 : Math.min(hourMs * 2 ** Math.min(rejections - 1, 20), longestRetryMs)
}

export function isGood({ status }: Outcome): boolean {
  return status === 'delivered' || status === 'in-place'
}

export function isRestored({ effect }: Outcome): boolean {
  return effect === 'restored'
}
