import type { Observed } from '../model/observed.ts'
import type { Operation } from '../model/operation.ts'
import type { Outcome } from '../model/outcome.ts'

/**
 * Settles an Operation in doubt by what the Target holds: `delivered` when it already is as asked. Anything else returns
 * undefined: then it is sent again (membership writes may be repeated), and that answer counts.
 */
export function confirmByReading(operation: Operation, observed: Observed | undefined): Outcome | undefined {
  if (observed === undefined || observed.members === null) return undefined
  const held = new Set(observed.members.map(({ id }) => id))
  const asAsked = operation.kind === 'add'
    ? operation.members.every((member) => held.has(member))
    : operation.kind === 'remove' && !operation.members.some((member) => held.has(member))
  if (!asAsked) return undefined
  return observed.targetId === undefined ? { status: 'delivered' } : { status: 'delivered', targetId: observed.targetId }
}
