import type { Observed } from '../model/observed.ts'
import type { Operation } from '../model/operation.ts'
import { byUnknownClock, type Period } from '../model/period.ts'
import type { Outcome } from '../model/outcome.ts'
import { isByUs } from './authorship.ts'

/**
 * Settles an unconfirmed Operation by what the Target holds. `delivered`: as requested, by us. `in-place`: as
 * requested, by another author or an unknown one. Otherwise undefined: the Operation is sent again (link writes may be
 * repeated), and that answer counts. `sent`: when it may have been sent; null: never, or at an unknown time.
 */
export function confirmByReading(operation: Operation, observed: Observed | undefined, sent: Period | null): Outcome | undefined {
  if (observed === undefined || observed.groups === null) return undefined
  const held = new Set(observed.groups.map(({ id }) => id))
  const asAsked = operation.kind === 'attach'
    ? operation.groups.every((group) => held.has(group))
    : operation.kind === 'detach' && !operation.groups.some((group) => held.has(group))
  if (!asAsked) return undefined
  const changed = operation.kind === 'attach'
    ? observed.groups.filter((group) => operation.groups.includes(group.id) && isByUs(group, sent === null ? undefined : byUnknownClock(sent))).map(({ id }) => id)
    : sent === null ? [] : operation.groups
  const status = changed.length > 0 ? 'delivered' as const : 'in-place' as const
  return { status, changed, ...(observed.targetId === undefined ? {} : { targetId: observed.targetId }) }
}
