import { passingRejections, type Entry, type Managed } from '../../model/entry.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Period } from '../../model/period.ts'
import { effectOf } from './effect.ts'
import { isGood, retryPause } from './entry-rules.ts'
import type { Answered, History, KeptLine, NextEntry, SettledLine, Settling } from './settled-line.ts'

/**
 * The Entry of a link after the answer to its line.
 *
 * - `on-hold` leaves it as it was: the link still differs, and the next Run plans it again.
 * - An added link is managed. An unconfirmed addition counts as managed until it is read; so does one that was in place,
 *   if we had added it before.
 * - A removed link that the query no longer asks for is forgotten. A removal without an answer is read by the next Run.
 * - An undo forgets the link once it is as before the Run. An undo that the Target rejects leaves the Entry.
 * - A rejection that may pass is retried in the next Run, then after 1, 2, 4 … hours, at most 7 days. Other rejections
 *   wait for a person.
 */
export function settleLink(
  before: Entry | undefined,
  answered: Answered,
  history: History,
  { runId, at }: Settling,
): NextEntry {
  const { line, outcome, markedAt } = answered
  const { reason, forgetsWhenDone } = line
  if (outcome.status === 'on-hold') return isUndoneMark(before, answered, runId) ? null : before
  if (outcome.status === 'rejected' && reason === 'undo') return before
  if (isGood(outcome) && (reason === 'left' || forgetsWhenDone)) return null
  const isUnconfirmed = outcome.status === 'unconfirmed'
  const isRejected = outcome.status === 'rejected'
  const kept = isUnconfirmed
    ? unconfirmedSince(before, line, history, { from: markedAt ?? at, to: at }, runId)
    : { sent: null, runId }
  return {
    ...blankLink(before),
    ...kept,
    state: isRejected ? 'rejected' : isUnconfirmed ? 'unconfirmed' : 'synced',
    managed: managedAfter(before, answered),
    tries: isRejected ? (before?.tries ?? 0) + 1 : 0,
    retryAt: isRejected && passingRejections.has(outcome.code) ? at + retryPause(before?.tries ?? 0) : null,
    targetId: targetOf(line, outcome),
  }
}

/**
 * The Entry only says that this Run was about to add the link, and now it is known that it did not: a job of the Target was
 * not begun. The link was certainly absent before, so it is new again.
 */
function isUndoneMark(
  before: Entry | undefined,
  { line: { kind, certain }, markedAt }: Answered,
  runId: number,
): boolean {
  return (
    kind === 'attach' &&
    certain &&
    before?.state === 'unconfirmed' &&
    before.runId === runId &&
    before.sent?.from === markedAt
  )
}

function managedAfter(before: Entry | undefined, answered: Answered): Managed {
  const {
    line: { kind, certain },
    outcome,
  } = answered
  const was = before?.managed ?? 'no'
  // A link that was already off is not managed any more, either: if it returns, another party added it.
  if (kind === 'detach') return isGood(outcome) ? 'no' : was
  if (outcome.status === 'unconfirmed') return certain ? 'yes' : was
  if (effectOf(answered) === 'created') return 'yes'
  // It was not known whether we had added it. It is in place, and not by us.
  return before?.state === 'unconfirmed' && isGood(outcome) ? 'no' : was
}

function targetOf({ targetId }: SettledLine, outcome: Outcome): string | null {
  if (outcome.status === 'rejected') return outcome.code === 'not-found' ? null : targetId
  return outcome.targetId ?? targetId
}

/**
 * The period by which the next Run judges the unconfirmed link, and the Run that it belongs to. Of an addition: when it
 * was sent. Of the removal of a managed link: when the link was last added, so what was added since then is external.
 * After an unconfirmed removal, an earlier unconfirmed addition may still be there.
 */
export function unconfirmedSince(
  before: Entry | undefined,
  { kind }: SettledLine,
  { lastAddition }: History,
  sent: Period,
  runId: number,
): Pick<Entry, 'sent' | 'runId'> {
  if (kind === 'detach' && before?.state === 'unconfirmed' && before.sent !== null)
    return { sent: before.sent, runId: before.runId }
  return { sent: kind === 'detach' && before?.managed === 'yes' ? lastAddition : sent, runId }
}

/** An Entry of a link: what it asks for is the link itself, and it has no Fields. */
export function blankLink(before: Entry | undefined): Pick<Entry, 'present' | 'returned' | 'desired' | 'fingerprints'> {
  return { present: before?.present ?? true, returned: false, desired: null, fingerprints: null }
}

/**
 * The Entry of a link whose line asks nothing of the Target. What is in place is synced, and managed if the Activation
 * adopts. A `reject` makes it rejected. A link that the query no longer asks for is forgotten, unless it stays because
 * others desire it: then the next Run asks again.
 */
export function settleKeptLink(
  before: Entry | undefined,
  line: KeptLine,
  adopts: boolean,
  { runId, at }: Settling,
): NextEntry {
  const { kind, reason, note, code, targetId } = line
  if (reason === 'undo' || kind === 'wait') return before
  if (reason === 'left') return kind === 'reject' || note === 'wanted-elsewhere' ? before : null
  const isRejected = kind === 'reject'
  const managed = !isRejected && adopts && note === 'in-place' ? 'yes' : (before?.managed ?? 'no')
  return {
    ...blankLink(before),
    state: isRejected ? 'rejected' : 'synced',
    managed,
    runId,
    sent: null,
    targetId: targetId ?? before?.targetId ?? null,
    tries: isRejected ? (before?.tries ?? 0) + 1 : 0,
    retryAt: isRejected && passingRejections.has(code ?? '') ? at + retryPause(before?.tries ?? 0) : null,
  }
}
