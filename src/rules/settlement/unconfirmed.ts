import type { Entry, Managed } from '../../model/entry.ts'
import type { OperationKind } from '../../model/operation.ts'
import type { Period } from '../../model/period.ts'
import { makes, setsFields } from './entry-rules.ts'
import { withTried } from '../fingerprints.ts'
import { blankLink, unconfirmedSince } from './settle-link.ts'
import type { History, SettledLine } from './settled-line.ts'

/**
 * The Entry of a Record whose Operation was marked by a Run that ended before it settled the Record. The Operation may
 * have been sent, so it is unconfirmed. What it would have added counts as managed until it is read.
 */
export function interrupted(
  before: Entry | undefined,
  line: SettledLine,
  markedAt: number,
  history: History,
  runId: number,
): Entry {
  const at = { from: markedAt, to: markedAt }
  return line.group === ''
    ? interruptedRecord(before, line, at, runId)
    : interruptedLink(before, line, at, history, runId)
}

function interruptedLink(
  before: Entry | undefined,
  line: SettledLine,
  at: Period,
  history: History,
  runId: number,
): Entry {
  // An earlier unconfirmed addition may be the one that made the link.
  const isStillThere =
    line.kind === 'attach' && !line.certain && before?.state === 'unconfirmed' && before.sent !== null
  return {
    ...blankLink(before),
    ...(isStillThere ? { sent: before.sent, runId: before.runId } : unconfirmedSince(before, line, history, at, runId)),
    state: 'unconfirmed',
    returned: before?.returned ?? false,
    managed: line.kind === 'attach' && line.certain ? 'yes' : (before?.managed ?? 'no'),
    tries: before?.tries ?? 0,
    retryAt: before?.retryAt ?? null,
    targetId: line.targetId ?? before?.targetId ?? null,
  }
}

function interruptedRecord(before: Entry | undefined, line: SettledLine, sent: Period, runId: number): Entry {
  const { kind } = line
  const wasUnconfirmed = before?.state === 'unconfirmed'
  const isStillThere = wasUnconfirmed && before.sent !== null && !makes.has(kind) && kind !== 'update'
  const isMadeTwice = wasUnconfirmed && makes.has(kind) && before.managed === 'unconfirmed'
  const fingerprints = before?.fingerprints ?? null
  const isAnotherTarget = before !== undefined && setsFields.has(kind) && line.targetId !== before.targetId
  const was = before === undefined || isAnotherTarget ? 'no' : before.managed
  const managed: Managed = makes.has(kind)
    ? 'unconfirmed'
    : was === 'no' && kind === 'update' && line.managed
      ? 'yes'
      : was
  return {
    state: 'unconfirmed',
    present: before?.present ?? true,
    returned: before?.returned ?? false,
    desired: before?.desired ?? null,
    managed,
    tries: before?.tries ?? 0,
    retryAt: before?.retryAt ?? null,
    runId: isStillThere ? before.runId : runId,
    sent: isStillThere ? before.sent : isMadeTwice ? { from: before.sent?.from ?? sent.from, to: sent.to } : sent,
    targetId: setsFields.has(kind) ? line.targetId : (line.targetId ?? before?.targetId ?? null),
    fingerprints:
      fingerprints !== null && setsFields.has(kind) ? withTried(fingerprints, line.fingerprints ?? '') : fingerprints,
  }
}

/** A write that a Run delivered and that a later read did not find. */
export interface LostWrite {
  readonly kind: OperationKind
  readonly reason: string
  /** It really changed the link. */
  readonly hasChanged: boolean
}

/**
 * The Entry of a Record whose delivered write a read did not find. It is unconfirmed again, so the next Run reads it,
 * and sends it again if it is still missing. A link is managed again, so that a removal is planned even if it was
 * removed from the query and forgotten. `sent`: from the start of the Run until now.
 */
export function unverified(
  before: Entry | undefined,
  lost: readonly [LostWrite, ...LostWrite[]],
  takesOff: boolean,
  sent: Period,
  runId: number,
): Entry {
  const isManaged =
    !takesOff && lost.some(({ kind, hasChanged }) => (kind === 'attach' || kind === 'detach') && hasChanged)
  const blank: Entry = {
    state: 'unconfirmed',
    present: !lost.some(({ reason }) => reason === 'left' || reason === 'undo'),
    returned: false,
    desired: null,
    managed: 'no',
    tries: 0,
    retryAt: null,
    runId,
    sent: null,
    targetId: null,
    fingerprints: null,
  }
  return {
    ...(before ?? blank),
    state: 'unconfirmed',
    runId,
    sent: lost.some(({ kind }) => kind !== 'detach') ? sent : null,
    managed: isManaged ? 'yes' : (before?.managed ?? 'no'),
  }
}
