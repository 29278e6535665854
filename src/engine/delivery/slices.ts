import type { OperationKind } from '../../model/operation.ts'
import type { GroupId } from '../../model/record.ts'
import type { PlannedOperation } from '../../store/plans/operations.ts'

/**
 * Operations that are marked, sent and settled together: same kind, same group, same confirmation state, at most `max`.
 */
export interface Slice {
  readonly kind: OperationKind
  readonly group: GroupId
  readonly operations: readonly PlannedOperation[]
  readonly unconfirmed: boolean
  /**
   * It is unknown whether the target records are already in this group, and no later read can tell: read them right
   * before sending.
   */
  readonly isUnread: boolean
  /** Drifted links that are due again. Never written without a read. */
  readonly isDueAgain: boolean
}

/** Limit of Operations that are collected at a time. If each row desires other groups, slices never fill. */
const mostGathered = 5000

/**
 * Collects the Plan into slices. Links to different groups alternate in it, so several slices are open at a time.
 */
export async function* slicesOf(pages: AsyncIterable<readonly PlannedOperation[]>, max: number): AsyncIterable<Slice> {
  const open = new Map<string, Slice & { operations: PlannedOperation[] }>()
  let gathered = 0
  for await (const page of pages) {
    for (const operation of page) {
      const { kind, group } = operation
      if (kind === 'skip' || kind === 'reject' || kind === 'wait') continue
      // A drifted link that is due again was not sent since, so it is not unconfirmed. It is read like a new one.
      const isDueAgain = operation.reason === 'unconfirmed' && kind === 'attach' && operation.sent === null
      const unconfirmed = operation.reason === 'unconfirmed' && !isDueAgain
      const isUnread = kind === 'attach' && !unconfirmed && (!operation.certain || isDueAgain)
      const name = JSON.stringify([kind, unconfirmed, isUnread, isDueAgain, group])
      const slice = open.get(name) ?? { kind, group, unconfirmed, isUnread, isDueAgain, operations: [] }
      slice.operations.push(operation)
      open.set(name, slice)
      gathered += 1
      // If no slice is full, send the oldest one.
      const due =
        slice.operations.length >= max
          ? ([name, slice] as const)
          : gathered > mostGathered
            ? open.entries().next().value
            : undefined
      if (due === undefined) continue
      open.delete(due[0])
      gathered -= due[1].operations.length
      yield due[1]
    }
  }
  yield* open.values()
}
