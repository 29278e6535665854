import type { Entry } from '../../model/entry.ts'
import type { OperationKind } from '../../model/operation.ts'
import type { Period } from '../../model/period.ts'
import { commonFingerprints, makes, setsFields, union } from './entry-rules.ts'
import { whenSent, type History, type SettledLine } from './settle.ts'

/**
 * The Entry of a Record whose Operation was marked by a Run that ended before it settled the Record. The Operation may
 * have been sent, so it is unconfirmed. What it would have added counts as managed until it is read.
 */
export function interrupted(before: Entry | undefined, line: SettledLine, markedAt: number, history: History, runId: number): Entry {
  const { kind } = line
  const managed = kind === 'attach' ? line.certain ?? line.groups : kind === 'update' ? line.groups : makes.has(kind) ? ['creating'] : []
  const sent = whenSent(before, line, history, { from: markedAt, to: markedAt })
  const wasUnconfirmed = before?.state === 'unconfirmed'
  const isStillThere = wasUnconfirmed && before.sent !== null && managed.length === 0 && kind !== 'update'
  const isMadeTwice = wasUnconfirmed && makes.has(kind) && before.managed.includes('creating')
  const fingerprints = before?.fingerprints ?? null
  const isAnotherTarget = before !== undefined && setsFields.has(kind) && line.targetId !== before.targetId
  return {
    state: 'unconfirmed', present: before?.present ?? true, returned: before?.returned ?? false,
    desired: before?.desired ?? null, desiredGroups: line.desiredGroups ?? before?.desiredGroups ?? null,
    managed: before === undefined || isAnotherTarget ? managed : union(before.managed, managed),
    tries: before?.tries ?? 0, retryAt: before?.retryAt ?? null,
    runId: isStillThere ? before.runId : runId,
    sent: isStillThere ? before.sent : isMadeTwice && sent !== null ? { from: before.sent?.from ?? sent.from, to: sent.to } : sent,
    targetId: setsFields.has(kind) ? line.targetId : line.targetId ?? before?.targetId ?? null,
    fingerprints: fingerprints !== null && setsFields.has(kind) ? commonFingerprints(fingerprints, line.fingerprints ?? '') : fingerprints,
  }
}

/** A write that a Run delivered and that a later read did not find. */
export interface LostWrite {
  readonly kind: OperationKind
  readonly reason: string
  readonly groups: readonly string[]
}

/**
 * The Entry of a Record whose delivered write a read did not find. It is unconfirmed again, so the next Run reads it,
 * and sends it again if it is still missing. Its groups are managed again, so that a removal is planned even if the
 * Record was removed from the query and forgotten. `sent`: from the start of the Run until now.
 */
export function unverified(before: Entry | undefined, lost: readonly [LostWrite, ...LostWrite[]], takesOff: boolean, sent: Period, runId: number): Entry {
  const managed = takesOff ? [] : union([], lost.flatMap(({ kind, groups }) => kind === 'attach' || kind === 'detach' ? groups : []))
  const blank: Entry = {
    state: 'unconfirmed', present: !lost.some(({ reason }) => reason === 'left' || reason === 'undo'), returned: false, desired: null, desiredGroups: null, managed: [],
    tries: 0, retryAt: null, runId, sent: null, targetId: null, fingerprints: null,
  }
  return {
    ...before ?? blank, state: 'unconfirmed', runId, sent: lost.some(({ kind }) => kind !== 'detach') ? sent : null, managed: union(before?.managed ?? [], managed),
  }
}
