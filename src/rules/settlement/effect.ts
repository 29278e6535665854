import type { Effect } from '../../model/outcome.ts'
import type { Answered } from './settled-line.ts'

/**
 * What the answer says was changed, or else what follows from a delivery. Null: unknown. A link that may have existed
 * before was not certainly made by us.
 */
export function effectOf({ line: { kind, certain }, outcome }: Answered): Effect | null {
  const isDelivered = outcome.status === 'delivered'
  switch (kind) {
    case 'attach':
      return certain ? (outcome.effect ?? (isDelivered ? 'created' : null)) : null
    case 'detach':
      return outcome.effect ?? (isDelivered && certain ? 'removed' : null)
    case 'archive':
    case 'delete':
      return outcome.effect ?? (isDelivered ? 'removed' : null)
    case 'restore':
      return outcome.effect ?? (isDelivered ? 'restored' : null)
    default:
      return outcome.effect ?? (isDelivered ? 'changed' : null)
  }
}

/** Whether this answer makes the target record managed; of a removal: whether it ends that. */
export function isManagedBy({ line: { kind, managed }, outcome: { status, effect } }: Answered): boolean {
  if (kind === 'create' || kind === 'upsert')
    return effect === undefined ? status === 'delivered' && managed : effect === 'created'
  return kind !== 'attach' && kind !== 'detach' && status === 'delivered' && managed
}
