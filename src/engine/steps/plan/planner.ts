import type { PoolClient } from 'pg'
import type { StagedDifference } from '../../../bookkeeping/differences.ts'
import type { Key } from '../../../model/record.ts'
import { insertOperations, type NewOperation } from '../../../store/plans/operations.ts'
import type { RunContext } from '../../run-context.ts'

/** Decides what to do about differences. */
export interface LineMaker {
  /** The lines of each difference of a page, in the same order. */
  linesOf(page: readonly StagedDifference[]): Promise<readonly (readonly NewOperation[])[]>
  /**
   * Plans all Records in one statement if all are new and need no single lookup. Returns undefined if they do.
   */
  planAllNew?(client: PoolClient): Promise<{ readonly lines: number; readonly keys: number } | undefined>
}

/** Writes the lines of a Plan, page by page. */
export interface Planner {
  planAllNew?(client: PoolClient): Promise<boolean>
  /** Resolves when the page before this one is looked up. The caller reads the next page while this one is. */
  plan(page: readonly StagedDifference[]): Promise<void>
  /** Resolves when all lines are written. Rejects if a page failed. */
  finish(): Promise<void>
  /** Resolves when no work is under way, whether it failed or not. */
  idle(): Promise<void>
  /** Lines, and Keys that are new in the query or changed. */
  readonly tally: { lines: number; added: number; changed: number }
}

export function openPlanner({ ports: { database }, lease: { runId } }: RunContext, maker: LineMaker): Planner {
  const tally = { lines: 0, added: 0, changed: 0 }
  // The Key whose Records are being planned: they may continue on the next page.
  let open: { readonly key: Key; isAdded: boolean; isChanged: boolean } | undefined
  const close = (): void => {
    if (open?.isAdded === true) tally.added += 1
    else if (open?.isChanged === true) tally.changed += 1
    open = undefined
  }
  const count = ({ key, reason, isInQuery, isKnown }: StagedDifference, lines: readonly NewOperation[]): void => {
    if (open?.key !== key) {
      close()
      open = { key, isAdded: false, isChanged: false }
    }
    // A row that only keeps links for others, and no longer asks for them, did not change.
    if (!isInQuery || lines[0]?.note === 'wanted-elsewhere') return
    if (isKnown && reason !== 'unconfirmed' && reason !== 'retry') open.isChanged = true
    else open.isAdded = true
  }
  const make = async (page: readonly StagedDifference[]): Promise<void> => {
    const made = await maker.linesOf(page)
    for (const [at, difference] of page.entries()) count(difference, made[at] ?? [])
    const lines = made.flat()
    await writing
    writing = insertOperations(database, runId, tally.lines + 1, lines)
    // The next `await writing` throws the error. This avoids an unhandled rejection.
    writing.catch(() => undefined)
    tally.lines += lines.length
  }
  // Three pages at a time: one is read, the one before is looked up, and the lines of the one before that are written.
  let making: Promise<void> = Promise.resolve()
  let writing: Promise<void> = Promise.resolve()
  return {
    tally,
    async finish() {
      await making
      close()
      await writing
    },
    async idle() {
      await Promise.allSettled([making])
      await Promise.allSettled([writing])
    },
    ...(maker.planAllNew !== undefined && {
      async planAllNew(client: PoolClient): Promise<boolean> {
        const all = await maker.planAllNew?.(client)
        if (all === undefined) return false
        tally.lines += all.lines
        tally.added += all.keys
        return true
      },
    }),
    async plan(page) {
      await making
      making = make(page)
      making.catch(() => undefined)
    },
  }
}
