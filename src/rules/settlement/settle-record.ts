import { passingRejections, type Entry, type Managed } from '../../model/entry.ts'
import type { Outcome } from '../../model/outcome.ts'
import { isManagedBy } from './effect.ts'
import { isGood, isRestored, makes, retryPause, setsFields, takesAway } from './entry-rules.ts'
import { withTried } from '../fingerprints.ts'
import type { Answered, AnswersOfRecord, History, NextEntry, Settling } from './settled-line.ts'

/** Of several answers about one Record, the one that comes first in this list decides its state. */
const worstFirst: readonly Outcome['status'][] = ['rejected', 'unconfirmed', 'on-hold', 'delivered', 'in-place']

/**
 * The Entry of a whole record after these answers, which are of one kind.
 *
 * - `on-hold` leaves the Entry as it was: the Record is still different, and the next Run plans it again.
 * - A Record removed from the query is forgotten once its target record is removed.
 * - A Record that an undo brought back to its state before us is forgotten. An undo that the Target rejects leaves the
 *   Entry.
 * - A rejection that may pass is retried in the next Run, then after 1, 2, 4 … hours, at most 7 days. Other rejections
 *   wait for a changed row or a person.
 * - A target record that a create restored from the archive is managed if we archived it.
 * - After an unconfirmed or rejected write, a Field may hold its settled value or the one that the write tried to set.
 * - A Record that goes to several target records is synced only when all of them are delivered or in place; until then
 *   it differs.
 */
export function settleRecord(
  before: Entry | undefined,
  answers: AnswersOfRecord,
  history: History,
  settling: Settling,
): NextEntry {
  const worst = worstOf(answers)
  const next = settlesEntry(worst) ? nextEntry(before, worst, answers, history, settling) : undefined
  return next ?? forget(before, answers)
}

function worstOf(answers: AnswersOfRecord): Answered {
  const rank = ({ outcome }: Answered) => worstFirst.indexOf(outcome.status)
  return answers.reduce((worst, answered) => (rank(answered) < rank(worst) ? answered : worst))
}

function settlesEntry({ line: { reason, forgetsWhenDone }, outcome: { status } }: Answered): boolean {
  if (status === 'on-hold') return false
  return status === 'rejected' ? reason !== 'undo' : status === 'unconfirmed' || !(reason === 'left' || forgetsWhenDone)
}

function forget(before: Entry | undefined, answers: AnswersOfRecord): NextEntry {
  if (before === undefined) return undefined
  let isUndone = false
  for (const { line, outcome } of answers) {
    if (!isGood(outcome)) continue
    const { managed } = before
    const isOff =
      managed === 'no' || (managed === 'yes' ? line.managed : line.kind === 'archive' || line.kind === 'delete')
    if (line.reason === 'left' || (line.forgetsWhenDone && isOff)) return null
    isUndone ||= line.forgetsWhenDone
  }
  return isUndone ? { ...before, desired: null, fingerprints: null } : before
}

function nextEntry(
  before: Entry | undefined,
  worst: Answered,
  answers: AnswersOfRecord,
  history: History,
  { runId, at }: Settling,
): Entry | undefined {
  const { line, outcome } = worst
  const { status } = outcome
  const done = answers.filter((answered) => isGood(answered.outcome)).length + history.done
  const isComplete = line.parts === 1 || done >= line.parts
  // Also if this line is rejected as well: the row is then not asked again until its retry is due.
  const isPartRejected = line.parts > 1 && (isGood(outcome) || status === 'rejected') && history.isRejectedInPart
  const isRejected = status === 'rejected' || isPartRejected
  const isUnconfirmed = status === 'unconfirmed'
  const state = isRejected ? 'rejected' : isUnconfirmed ? 'unconfirmed' : 'synced'
  // If a Record goes to several target records, a failure on one of them decides the Record's state.
  if (
    before !== undefined &&
    setsFields.has(line.kind) &&
    before.runId === runId &&
    before.state !== 'synced' &&
    state === 'synced'
  )
    return before
  const isSettled = isComplete || isPartRejected || (status === 'rejected' && fingerprintsOf(worst) !== null)
  const targetId = targetOf(worst)
  const isKnownGood = isGood(outcome) && isComplete
  const wasUnconfirmed = before?.state === 'unconfirmed'
  // After an unconfirmed removal, an earlier unconfirmed write may still be there.
  const isStillThere = isUnconfirmed && wasUnconfirmed && takesAway.has(line.kind) && before.sent !== null
  // The first of two unconfirmed creates may be the one that created the target record.
  const isMadeTwice = isUnconfirmed && wasUnconfirmed && makes.has(line.kind) && before.managed === 'unconfirmed'
  const sent = isUnconfirmed ? { from: worst.markedAt ?? at, to: at } : null
  return {
    state,
    present: before?.present ?? true,
    returned: false,
    desired: isSettled ? line.desired : null,
    managed: managedAfter(before, worst, answers, history, targetId),
    tries: isRejected ? (before?.tries ?? 0) + 1 : 0,
    retryAt:
      isPartRejected || (outcome.status === 'rejected' && passingRejections.has(outcome.code))
        ? at + retryPause(before?.tries ?? 0)
        : null,
    runId: isStillThere ? before.runId : runId,
    sent: isStillThere
      ? before.sent
      : isMadeTwice && sent !== null
        ? { from: before.sent?.from ?? sent.from, to: sent.to }
        : sent,
    targetId,
    fingerprints: (isKnownGood ? fingerprintsOf(worst) : null) ?? fingerprintsAfter(before, answers),
  }
}

function targetOf({ line, outcome }: Answered): string | null {
  if (line.parts > 1 || (outcome.status === 'rejected' && outcome.code === 'not-found')) return null
  return outcome.status === 'rejected' ? line.targetId : (outcome.targetId ?? line.targetId)
}

function fingerprintsAfter(before: Entry | undefined, [{ line, ...first }]: AnswersOfRecord): string | null {
  const fingerprints = before?.fingerprints ?? null
  if (fingerprints === null || line.kind === 'delete' || line.kind === 'archive') return fingerprints
  return withTried(fingerprints, fingerprintsOf({ line, ...first }) ?? '')
}

function managedAfter(
  before: Entry | undefined,
  worst: Answered,
  answers: AnswersOfRecord,
  history: History,
  targetId: string | null,
): Managed {
  const { kind } = worst.line
  const now = managedNow(worst, history)
  if (before === undefined || makes.has(kind)) return now
  // The identifier matches another target record now. What was managed on the old one does not count there.
  if (kind === 'update' && before.fingerprints !== null && targetId !== before.targetId) return now
  if (kind === 'update' || kind === 'restore') return now === 'yes' || before.managed === 'yes' ? 'yes' : 'no'
  return before.managed === 'yes' && answers.some(isManagedBy) ? 'no' : before.managed
}

/** What this answer alone makes managed. */
function managedNow(worst: Answered, { archivedByUs }: History): Managed {
  const { line, outcome } = worst
  switch (line.kind) {
    case 'update':
      return line.managed ? 'yes' : 'no'
    case 'create':
    case 'upsert':
      if (outcome.status === 'unconfirmed') return 'unconfirmed'
      if (isRestored(outcome)) return archivedByUs ? 'yes' : 'no'
      return isManagedBy(worst) ? 'yes' : 'no'
    case 'restore':
      return isManagedBy(worst) ? 'yes' : 'no'
    default:
      return 'no'
  }
}

function fingerprintsOf({ fingerprints, line }: Answered): string | null {
  return fingerprints ?? line.fingerprints
}
