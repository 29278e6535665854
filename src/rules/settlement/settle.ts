import { passingRejections, type Entry, type LedgerLine } from '../../model/entry.ts'
import type { OperationKind, PlannedKind, Reason } from '../../model/operation.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Period } from '../../model/period.ts'
import type { Key } from '../../model/record.ts'
import { commonFingerprints, difference, makes, retryPause, setsFields, takesAway, union } from './entry-rules.ts'

/**
 * What settlement needs of a Plan line (`PlannedOperation` in src/store/plans/operations.ts explains each property).
 */
export interface SettledLine<Kind extends PlannedKind = OperationKind> {
  readonly ordinal: number
  readonly key: Key
  readonly kind: Kind
  readonly reason: Reason
  readonly groups: readonly string[]
  readonly certain: readonly string[] | null
  readonly desired: string | null
  readonly desiredGroups: readonly string[] | null
  readonly keepsForOthers: boolean
  readonly forgetsWhenDone: boolean
  /** Number of lines of this Plan that concern this Record. */
  readonly parts: number
  readonly sent: Period | null
  readonly targetId: string | null
  readonly before: string | null
  readonly asks: string | null
  readonly fingerprints: string | null
}

/** The Target's answer to a line. */
export interface Answered {
  readonly line: SettledLine
  readonly outcome: Outcome
  /** Fingerprints and values (JSON) as stored, if the Target stores some Fields in another form than planned. */
  readonly fingerprints?: string
  readonly asks?: string
  /** When its batch was marked, in unix milliseconds; null: nothing had to be sent. */
  readonly markedAt: number | null
}

/** What the Ledger knows of a Record, besides its Entry and the current answers. */
export interface History {
  /** Lines of this Run about this Record that were delivered or in place before these answers. */
  readonly done: number
  /** The Plan rejected a line of this Run about this Record. */
  readonly isRejectedInPart: boolean
  /** Groups that this Run found in place and took as managed, besides those it added. */
  readonly adopted: readonly string[]
  /** We archived this target record because its row was removed, or to undo its create, and have not seen it since. */
  readonly archivedByUs: boolean
  /**
   * When we last added what is managed, by the Target's clock, as wide as it may be.
   * While its removal is unconfirmed, this tells our link from a link that another party added.
   */
  readonly lastAddition: Period | null
}

export const noHistory: History = { done: 0, isRejectedInPart: false, adopted: [], archivedByUs: false, lastAddition: null }

/** The Run that settles, and the time. */
export interface Settling {
  readonly runId: number
  /** Unix milliseconds by the control database's clock. */
  readonly at: number
}

/** All answers of one kind about one Record: at least one. */
export type AnswersOfRecord = readonly [Answered, ...Answered[]]

/** Of several answers about one Record, the one that comes first in this list decides its state. */
const worstFirst: readonly Outcome['status'][] = ['rejected', 'unconfirmed', 'on-hold', 'delivered', 'in-place']

/** Whether history must be read to settle this answer; otherwise `noHistory` is enough. */
export function needsHistory({ line, outcome }: Answered): boolean {
  return line.parts > 1 || (makes.has(line.kind) && isRestored(outcome)) || (line.kind === 'detach' && outcome.status === 'unconfirmed')
}

/**
 * The Entry of a Record after these answers; null: the Snapshot removes it; `before` itself: it does not change.
 *
 * - `on-hold` leaves the Entry as it was: the Record is still different, and the next Run plans it again.
 * - A Record removed from the query is forgotten once what was managed is off. Its Entry stays while others still
 *   desire something of it (`keepsForOthers`).
 * - A Record that an undo brought back to its state before us is forgotten. An undo that the Target rejects leaves the
 *   Entry.
 * - A rejection that may pass is retried in the next Run, then after 1, 2, 4 … hours, at most 7 days. Other rejections
 *   wait for a changed row or a person.
 * - Added groups are managed from now on, removed ones are not. An unconfirmed addition counts as managed until it is
 *   read.
 * - `creating`: a create is unconfirmed. A target record that a create restored from the archive is managed if we
 *   archived it.
 * - An unconfirmed or rejected write drops the fingerprints of the Fields it tried to change.
 * - A Record with several lines in this Run is synced only when all of them are delivered or in place; until then it
 *   differs.
 */
export function settle(before: Entry | undefined, answers: AnswersOfRecord, history: History, settling: Settling): Entry | null | undefined {
  const worst = worstOf(answers)
  const next = settlesEntry(worst) ? nextEntry(before, worst, answers, history, settling) : undefined
  return next ?? forget(before, answers)
}

function worstOf(answers: AnswersOfRecord): Answered {
  const rank = ({ outcome }: Answered) => worstFirst.indexOf(outcome.status)
  return answers.reduce((worst, answered) => rank(answered) < rank(worst) ? answered : worst)
}

function settlesEntry({ line: { reason, forgetsWhenDone }, outcome: { status } }: Answered): boolean {
  if (status === 'on-hold') return false
  return status === 'rejected' ? reason !== 'undo' : status === 'unconfirmed' || !(reason === 'left' || forgetsWhenDone)
}

function forget(before: Entry | undefined, answers: AnswersOfRecord): Entry | null | undefined {
  if (before === undefined) return undefined
  let entry: Entry = before
  for (const { line, outcome } of answers) {
    if (!isGood(outcome)) continue
    const isAllOff = difference(before.managed, line.kind === 'archive' || line.kind === 'delete' ? [...line.groups, 'creating'] : line.groups).length === 0
    if ((line.reason === 'left' && !line.keepsForOthers) || (line.forgetsWhenDone && isAllOff)) return null
    if (line.reason === 'left' || line.forgetsWhenDone) entry = { ...entry, desired: null, fingerprints: null, managed: difference(entry.managed, line.groups) }
  }
  return entry
}

function nextEntry(before: Entry | undefined, worst: Answered, answers: AnswersOfRecord, history: History, { runId, at }: Settling): Entry | undefined {
  const { line, outcome } = worst
  const { status } = outcome
  const done = answers.filter(({ outcome }) => isGood(outcome)).length + history.done
  const isComplete = line.parts === 1 || done >= line.parts
  // Also if this line is rejected as well: the row is then not asked again until its retry is due.
  const isPartRejected = line.parts > 1 && (isGood(outcome) || status === 'rejected') && history.isRejectedInPart
  const isRejected = status === 'rejected' || isPartRejected
  const isUnconfirmed = status === 'unconfirmed'
  const state = isRejected ? 'rejected' : isUnconfirmed ? 'unconfirmed' : 'synced'
  // If a Record goes to several target records, a failure on one of them decides the Record's state.
  if (before !== undefined && setsFields.has(line.kind) && before.runId === runId && before.state !== 'synced' && state === 'synced') return before
  const isSettled = ((isComplete || isPartRejected) && !line.keepsForOthers) || (status === 'rejected' && fingerprintsOf(worst) !== null)
  const targetId = targetOf(worst)
  const isKnownGood = isGood(outcome) && isComplete
  const wasUnconfirmed = before?.state === 'unconfirmed'
  // After an unconfirmed removal, an earlier unconfirmed addition may still be there.
  const isStillThere = isUnconfirmed && wasUnconfirmed && takesAway.has(line.kind) && before.sent !== null
  // The first of two unconfirmed creates may be the one that created the target record.
  const isMadeTwice = isUnconfirmed && wasUnconfirmed && makes.has(line.kind) && before.managed.includes('creating')
  const sent = isUnconfirmed ? whenSent(before, line, history, { from: worst.markedAt ?? at, to: at }) : null
  return {
    state, present: before?.present ?? true, returned: false, desired: isSettled ? line.desired : null, desiredGroups: line.desiredGroups,
    managed: managedAfter(before, worst, answers, history, targetId, state),
    tries: isRejected ? (before?.tries ?? 0) + 1 : 0,
    retryAt: isPartRejected || (outcome.status === 'rejected' && passingRejections.has(outcome.code)) ? at + retryPause(before?.tries ?? 0) : null,
    runId: isStillThere ? before.runId : runId,
    sent: isStillThere ? before.sent : isMadeTwice && sent !== null ? { from: before.sent?.from ?? sent.from, to: sent.to } : sent,
    targetId,
    fingerprints: (isKnownGood ? fingerprintsOf(worst) : null) ?? fingerprintsAfter(before, answers),
  }
}

/**
 * The period by which a later read judges an unconfirmed Operation: when it was sent. For a removal of a managed link, when the link was last added: what
 * stands there since then was added by somebody else.
 */
export function whenSent(before: Entry | undefined, { kind, groups }: SettledLine, { lastAddition }: History, sent: Period): Period | null {
  return kind === 'detach' && groups.some((group) => before?.managed.includes(group)) ? lastAddition : sent
}

function targetOf({ line, outcome }: Answered): string | null {
  const isOneOfMany = line.parts > 1 && line.kind !== 'attach' && line.kind !== 'detach'
  if (isOneOfMany || (outcome.status === 'rejected' && outcome.code === 'not-found')) return null
  return outcome.status === 'rejected' ? line.targetId : outcome.targetId ?? line.targetId
}

function fingerprintsAfter(before: Entry | undefined, [{ line, ...first }]: AnswersOfRecord): string | null {
  const fingerprints = before?.fingerprints ?? null
  if (fingerprints === null || line.kind === 'delete' || line.kind === 'archive') return fingerprints
  return commonFingerprints(fingerprints, fingerprintsOf({ line, ...first }) ?? '')
}

function managedAfter(before: Entry | undefined, worst: Answered, answers: AnswersOfRecord, history: History, targetId: string | null, state: Entry['state']): readonly string[] {
  const { kind } = worst.line
  const now = managedNow(worst, history)
  if (before === undefined || makes.has(kind)) return now
  if (kind === 'attach' && before.state === 'unconfirmed' && state === 'synced' && changedBy(answers[0]).length === 0) {
    return union(difference(before.managed, answers.flatMap(({ line }) => line.groups)), now)
  }
  // The identifier matches another target record now. What was managed on the old one does not count there.
  if (kind === 'update' && before.fingerprints !== null && targetId !== before.targetId) return now
  if (kind === 'attach' || kind === 'update' || kind === 'restore') return union(before.managed, now).filter((id) => id !== 'creating')
  // A group that was already off is no longer managed, either: if it returns, another party added it.
  const off = answers.flatMap((answered) => kind === 'detach' && isGood(answered.outcome) ? answered.line.groups : changedBy(answered))
  return now.length === 0 ? difference(before.managed, off) : union(difference(before.managed, off), now)
}

/** What these answers alone make managed. */
function managedNow(worst: Answered, history: History): readonly string[] {
  const { line, outcome } = worst
  const beside = line.parts > 1 ? history.adopted : []
  switch (line.kind) {
    case 'attach': return [...outcome.status === 'unconfirmed' ? line.certain ?? line.groups : changedBy(worst), ...beside]
    case 'detach': return beside
    case 'update': return line.groups
    case 'create': case 'upsert':
      if (outcome.status === 'unconfirmed') return ['creating']
      if (isRestored(outcome)) return history.archivedByUs ? ['created'] : []
      return changedBy(worst)
    case 'restore': return changedBy(worst)
    default: return []
  }
}

/**
 * The groups that this answer added or removed: those it reports, or else all. For an addition without an earlier read
 * of the target record, only groups known to have been absent. For a removal without a report, only groups known to
 * have been present.
 */
function changedBy({ line, outcome }: Answered): readonly string[] {
  const isDelivered = outcome.status === 'delivered'
  if (line.kind !== 'attach' || line.certain === null) return outcome.changed ?? (isDelivered ? line.certain ?? line.groups : [])
  const certain = new Set(line.certain)
  return union([], (outcome.changed ?? (isDelivered ? line.groups : [])).filter((id) => certain.has(id)))
}

/** The line of the Ledger for this answer. */
export function ledgerLine(answered: Answered): LedgerLine {
  const { line, outcome, markedAt } = answered
  const { ordinal, key, kind, reason, before } = line
  const changed = changedBy(answered)
  const isMembership = kind === 'attach' || kind === 'detach'
  return {
    ordinal, key, kind, reason, status: outcome.status,
    code: 'code' in outcome ? outcome.code : null, message: 'message' in outcome ? outcome.message : null,
    field: outcome.status === 'rejected' ? outcome.field ?? null : null, httpStatus: outcome.status === 'rejected' ? outcome.httpStatus ?? null : null,
    requestId: outcome.requestId ?? null, targetId: outcome.targetId ?? line.targetId,
    groups: changed, asked: isSame(changed, line.groups) ? null : line.groups,
    since: line.sent?.from ?? (isMembership ? markedAt : null), before, after: answered.asks ?? line.asks,
  }
}

function fingerprintsOf({ fingerprints, line }: Answered): string | null {
  return fingerprints ?? line.fingerprints
}

function isGood({ status }: Outcome): boolean {
  return status === 'delivered' || status === 'in-place'
}

function isRestored({ changed }: Outcome): boolean {
  return changed?.length === 1 && changed[0] === 'restored'
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((id, at) => id === other[at]))
}

