import type { PlannedOperation } from '../store/operations.ts'

/** Operations that are marked, sent and settled together: alike in kind and in being in doubt, at most `max`. */
export interface Slice {
  readonly operations: readonly PlannedOperation[]
  readonly inDoubt: boolean
}

export async function* slicesOf(pages: AsyncIterable<readonly PlannedOperation[]>, max: number): AsyncIterable<Slice> {
  let gathered: PlannedOperation[] = []
  for await (const page of pages) {
    for (const operation of page) {
      const first = gathered[0]
      if (first !== undefined && (gathered.length >= max || !alike(first, operation))) {
        yield sliceOf(gathered)
        gathered = []
      }
      gathered.push(operation)
    }
  }
  if (gathered.length > 0) yield sliceOf(gathered)
}

function alike(one: PlannedOperation, other: PlannedOperation): boolean {
  return one.kind === other.kind && (one.reason === 'in-doubt') === (other.reason === 'in-doubt')
}

function sliceOf(operations: readonly PlannedOperation[]): Slice {
  return { operations, inDoubt: operations[0]?.reason === 'in-doubt' }
}
