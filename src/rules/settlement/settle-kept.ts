import { passingRejections, type Entry, type LedgerLine } from '../../model/entry.ts'
import type { PlannedKind } from '../../model/operation.ts'
import { difference, retryPause, union } from './entry-rules.ts'
import type { SettledLine, Settling } from './settle.ts'

/** A Plan line without an Operation: `skip`, `reject` or `wait`. */
export interface KeptLine extends SettledLine<PlannedKind> {
  readonly note: string | null
  /** Why it is rejected or waits. */
  readonly code: string | null
  readonly message: string | null
}

/**
 * The Entry of a Record whose lines ask nothing of the Target (`lines`: all of them, at least one). What is in place is
 * synced, and managed if the Activation adopts. An unconfirmed write that was read back as ours is managed. A `reject`
 * makes it rejected; a `wait` leaves the Entry as it is. A Record removed from the query is forgotten, unless something
 * of it stays for others. Groups with nothing to do were read to be off, so they are not managed any more, also beside
 * lines that are sent.
 */
export function settleKept(known: Entry | undefined, lines: readonly KeptLine[], adopts: boolean, { runId, at }: Settling): Entry | null | undefined {
  const before = withoutGroups(known, lines.flatMap(({ reason, note, groups }) => reason !== 'undo' && note === 'nothing-to-do' ? groups : []))
  const settling = lines.filter(({ reason, kind, parts }) => reason !== 'left' && reason !== 'undo' && kind !== 'wait' && parts === lines.length)
  const line = settling.find(({ kind }) => kind === 'reject') ?? settling[0]
  if (line === undefined) return lines.some(({ reason, kind, keepsForOthers }) => reason === 'left' && kind === 'skip' && !keepsForOthers) ? null : before
  const isRejected = line.kind === 'reject'
  const targetId = line.parts === 1 ? line.targetId : null
  const isAnotherTarget = before !== undefined && before.fingerprints !== null && targetId !== null && targetId !== before.targetId
  const managed = settling.flatMap((each) => keptGroups(each, adopts))
  return {
    state: isRejected ? 'rejected' : 'synced', present: before?.present ?? true, returned: false,
    desired: lines.some(({ keepsForOthers }) => keepsForOthers) ? null : line.desired, desiredGroups: line.desiredGroups,
    managed: before === undefined ? managed : union(isAnotherTarget ? [] : before.managed, managed).filter((id) => id !== 'creating'),
    tries: isRejected ? (before?.tries ?? 0) + 1 : 0,
    retryAt: isRejected && passingRejections.has(line.code ?? '') ? at + retryPause(before?.tries ?? 0) : null,
    runId, sent: null, targetId: targetId ?? before?.targetId ?? null, fingerprints: (isRejected ? null : line.fingerprints) ?? before?.fingerprints ?? null,
  }
}

function withoutGroups(entry: Entry | undefined, groups: readonly string[]): Entry | undefined {
  return entry === undefined || !entry.managed.some((id) => groups.includes(id)) ? entry : { ...entry, managed: difference(entry.managed, groups) }
}

/** The line of the Ledger for a line that asks nothing of the Target. */
export function keptLedgerLine(line: KeptLine, adopts: boolean): LedgerLine {
  const { ordinal, key, kind, reason, note, targetId } = line
  const isConfirmed = note === 'confirmed'
  return {
    ordinal, key, kind, reason, status: kind === 'reject' ? 'rejected' : kind === 'wait' ? 'on-hold' : isConfirmed ? 'delivered' : 'in-place',
    code: line.code ?? note, message: line.message, field: null, httpStatus: null, requestId: null, targetId,
    groups: keptGroups(line, adopts), asked: null, since: isConfirmed ? line.sent?.from ?? null : null, before: null, after: isConfirmed ? line.asks : null,
  }
}

function keptGroups({ note, groups }: KeptLine, adopts: boolean): readonly string[] {
  return note === 'confirmed' || (adopts && note === 'in-place') ? groups : []
}
