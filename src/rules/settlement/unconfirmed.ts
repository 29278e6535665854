import type { Entry } from '../../model/entry.ts'
import type { OperationKind } from '../../model/operation.ts'
import type { Period } from '../../model/period.ts'
import { commonPrints, makes, setsFields, union } from './entry-rules.ts'
import type { History, SettledLine } from './settle.ts'

/**
 * The Entry of a Record whose Operation was marked by a Run that ended before it was settled: it may have been sent, so it is unconfirmed. What it
 * would have put on counts as managed until it is read.
 */
export function interrupted(before: Entry | undefined, line: SettledLine, markedAt: number, { lastAddition }: History, runId: number): Entry {
  const { kind } = line
  const ours = kind === 'attach' ? line.certain ?? line.members : kind === 'update' ? line.members : makes.has(kind) ? ['creating'] : []
  const doubt = kind === 'detach' ? lastAddition : { from: markedAt, to: markedAt }
  const wasUnconfirmed = before?.state === 'unconfirmed'
  const isStillThere = wasUnconfirmed && before.doubt !== null && ours.length === 0 && kind !== 'update'
  const isMadeTwice = wasUnconfirmed && makes.has(kind) && before.ours.includes('creating')
  const prints = before?.prints ?? null
  const isAnotherTarget = before !== undefined && setsFields.has(kind) && line.targetId !== before.targetId
  return {
    state: 'unconfirmed', present: before?.present ?? true, returned: before?.returned ?? false,
    wants: before?.wants ?? null, wanted: line.wanted ?? before?.wanted ?? null,
    ours: before === undefined || isAnotherTarget ? ours : union(before.ours, ours),
    tries: before?.tries ?? 0, retryAt: before?.retryAt ?? null,
    runId: isStillThere ? before.runId : runId,
    doubt: isStillThere ? before.doubt : isMadeTwice && doubt !== null ? { from: before.doubt?.from ?? doubt.from, to: doubt.to } : doubt,
    targetId: setsFields.has(kind) ? line.targetId : line.targetId ?? before?.targetId ?? null,
    prints: prints !== null && setsFields.has(kind) ? commonPrints(prints, line.prints ?? '') : prints,
  }
}

/** What a Run delivered of a Record, and a read did not find. */
export interface LostWrite {
  readonly kind: OperationKind
  readonly reason: string
  readonly members: readonly string[]
}

/**
 * The Entry of a Record of which a read did not find what was delivered: unconfirmed again, so that the next Run reads it, and sends it if it is still
 * not there. What could not be taken off is managed again, so that it is planned even where its Record left the query and was forgotten.
 * `sent`: when the Run began, and now.
 */
export function unverified(before: Entry | undefined, lost: readonly [LostWrite, ...LostWrite[]], takesOff: boolean, sent: Period, runId: number): Entry {
  const ours = takesOff ? [] : union([], lost.flatMap(({ kind, members }) => kind === 'attach' || kind === 'detach' ? members : []))
  const blank: Entry = {
    state: 'unconfirmed', present: !lost.some(({ reason }) => reason === 'left' || reason === 'undo'), returned: false, wants: null, wanted: null, ours: [],
    tries: 0, retryAt: null, runId, doubt: null, targetId: null, prints: null,
  }
  return {
    ...before ?? blank, state: 'unconfirmed', runId, doubt: lost.some(({ kind }) => kind !== 'detach') ? sent : null, ours: union(before?.ours ?? [], ours),
  }
}
