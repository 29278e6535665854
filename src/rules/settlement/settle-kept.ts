import { passingRejections, type Entry, type LedgerLine } from '../../model/entry.ts'
import { retryPause } from './entry-rules.ts'
import { settleKeptLink } from './settle-link.ts'
import type { KeptLine, NextEntry, Settling } from './settled-line.ts'

/** The Entry of a Record whose lines ask nothing of the Target (`lines`: all of them). A link has one. */
export function settleKept(
  before: Entry | undefined,
  lines: readonly [KeptLine, ...KeptLine[]],
  adopts: boolean,
  settling: Settling,
): NextEntry {
  return lines[0].group === ''
    ? settleKeptRecord(before, lines, settling)
    : settleKeptLink(before, lines[0], adopts, settling)
}

/**
 * What is in place is synced. An unconfirmed write that was read back as ours is managed. A `reject` makes the Record
 * rejected; a `wait` leaves the Entry as it is. A Record removed from the query is forgotten, unless its target record
 * stays for another one.
 */
function settleKeptRecord(before: Entry | undefined, lines: readonly KeptLine[], { runId, at }: Settling): NextEntry {
  const settling = lines.filter(
    ({ reason, kind, parts }) => reason !== 'left' && reason !== 'undo' && kind !== 'wait' && parts === lines.length,
  )
  const line = settling.find(({ kind }) => kind === 'reject') ?? settling[0]
  if (line === undefined)
    return lines.some(({ reason, kind, note }) => reason === 'left' && kind === 'skip' && note !== 'wanted-elsewhere')
      ? null
      : before
  const isRejected = line.kind === 'reject'
  const targetId = line.parts === 1 ? line.targetId : null
  const isAnotherTarget =
    before !== undefined && before.fingerprints !== null && targetId !== null && targetId !== before.targetId
  const wasManaged = !isAnotherTarget && before?.managed === 'yes'
  return {
    state: isRejected ? 'rejected' : 'synced',
    present: before?.present ?? true,
    returned: false,
    desired: line.desired,
    managed: wasManaged || settling.some(isConfirmed) ? 'yes' : 'no',
    tries: isRejected ? (before?.tries ?? 0) + 1 : 0,
    retryAt: isRejected && passingRejections.has(line.code ?? '') ? at + retryPause(before?.tries ?? 0) : null,
    runId,
    sent: null,
    targetId: targetId ?? before?.targetId ?? null,
    fingerprints: (isRejected ? null : line.fingerprints) ?? before?.fingerprints ?? null,
  }
}

/** The line of the Ledger for a line that asks nothing of the Target. */
export function keptLedgerLine(line: KeptLine, adopts: boolean): LedgerLine {
  const { ordinal, key, group, kind, reason, note, targetId } = line
  const isRead = note === 'confirmed'
  return {
    ordinal,
    key,
    group,
    kind,
    reason,
    status: kind === 'reject' ? 'rejected' : kind === 'wait' ? 'on-hold' : isRead ? 'delivered' : 'in-place',
    code: line.code ?? note,
    message: line.message,
    field: null,
    httpStatus: null,
    requestId: null,
    targetId,
    effect: null,
    managed: isConfirmed(line) || (group !== '' && adopts && note === 'in-place'),
    since: isRead ? (line.sent?.from ?? null) : null,
    before: null,
    after: isRead ? line.asks : null,
  }
}

function isConfirmed({ note, managed }: KeptLine): boolean {
  return note === 'confirmed' && managed
}
