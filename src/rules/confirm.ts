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
export function confirmByReading(
  operation: Operation,
  observed: Observed | undefined,
  sent: Period | null,
): Outcome | undefined {
  if (observed === undefined || observed.groups === null) return undefined
  const held = observed.groups.find(({ id }) => id === operation.group)
  if (operation.kind !== 'attach' && operation.kind !== 'detach') return undefined
  if ((held !== undefined) !== (operation.kind === 'attach')) return undefined
  const hasChanged = held === undefined ? sent !== null : isByUs(held, sent === null ? undefined : byUnknownClock(sent))
  const effect = !hasChanged ? 'nothing' : held === undefined ? 'removed' : 'created'
  return {
    status: hasChanged ? 'delivered' : 'in-place',
    effect,
    ...(observed.targetId === undefined ? {} : { targetId: observed.targetId }),
  }
}
