import type { OperationKind } from '../model/operation.ts'
import type { PlannedOperation } from '../store/operations.ts'

/** Operations that are marked, sent and settled together: alike in kind, members and being in doubt, at most `max`. */
export interface Slice {
  readonly kind: OperationKind
  readonly members: readonly string[]
  readonly operations: readonly PlannedOperation[]
  readonly unconfirmed: boolean
  /** Nobody knows whether its additions were there already, and no later read tells: so they are read right before they are sent. */
  readonly isUnread: boolean
}

/** Gathers the Plan into slices. Records that ask for different things alternate in it, so several slices are open at a time. */
export async function* slicesOf(pages: AsyncIterable<readonly PlannedOperation[]>, max: number): AsyncIterable<Slice> {
  const open = new Map<string, Slice & { operations: PlannedOperation[] }>()
  for await (const page of pages) {
    for (const operation of page) {
      const { kind, members } = operation
      if (kind === 'skip' || kind === 'reject' || kind === 'wait') continue
      const unconfirmed = operation.reason === 'unconfirmed'
      const isUnread = kind === 'attach' && !unconfirmed && operation.held !== null
      const name = JSON.stringify([kind, unconfirmed, isUnread, members])
      const slice = open.get(name) ?? { kind, members, unconfirmed, isUnread, operations: [] }
      slice.operations.push(operation)
      if (slice.operations.length < max) open.set(name, slice)
      else {
        open.delete(name)
        yield slice
      }
    }
  }
  yield* open.values()
}
