import type { OperationKind } from '../../model/operation.ts'
import type { PlannedOperation } from '../../store/plans/operations.ts'

/** Operations that are marked, sent and settled together: alike in kind, members and being in doubt, at most `max`. */
export interface Slice {
  readonly kind: OperationKind
  readonly groups: readonly string[]
  readonly operations: readonly PlannedOperation[]
  readonly unconfirmed: boolean
  /** Nobody knows whether its additions were there already, and no later read tells: so they are read right before they are sent. */
  readonly isUnread: boolean
  /** It drifted, and is due again: never written without a read. */
  readonly isDueAgain: boolean
}

/** Of so many Operations, at most, slices are gathered at a time: where each row asks for something else, they never fill. */
const mostGathered = 5000

/** Gathers the Plan into slices. Records that ask for different things alternate in it, so several slices are open at a time. */
export async function* slicesOf(pages: AsyncIterable<readonly PlannedOperation[]>, max: number): AsyncIterable<Slice> {
  const open = new Map<string, Slice & { operations: PlannedOperation[] }>()
  let gathered = 0
  for await (const page of pages) {
    for (const operation of page) {
      const { kind, groups } = operation
      if (kind === 'skip' || kind === 'reject' || kind === 'wait') continue
      // What drifted and is due again was never sent since: nothing of it is in doubt, and it is read like all that is new.
      const isDueAgain = operation.reason === 'unconfirmed' && kind === 'attach' && operation.sent === null
      const unconfirmed = operation.reason === 'unconfirmed' && !isDueAgain
      const isUnread = kind === 'attach' && !unconfirmed && (operation.certain !== null || isDueAgain)
      const name = JSON.stringify([kind, unconfirmed, isUnread, isDueAgain, groups])
      const slice = open.get(name) ?? { kind, groups, unconfirmed, isUnread, isDueAgain, operations: [] }
      slice.operations.push(operation)
      open.set(name, slice)
      gathered += 1
      // The oldest goes first where none is full.
      const due = slice.operations.length >= max ? [name, slice] as const : gathered > mostGathered ? open.entries().next().value : undefined
      if (due === undefined) continue
      open.delete(due[0])
      gathered -= due[1].operations.length
      yield due[1]
    }
  }
  yield* open.values()
}
