import type { Entry, LedgerLine } from '../../model/entry.ts'
import { effectOf, isManagedBy } from './effect.ts'
import { isRestored, makes } from './entry-rules.ts'
import { settleLink } from './settle-link.ts'
import { settleRecord } from './settle-record.ts'
import type { Answered, AnswersOfRecord, History, NextEntry, Settling } from './settled-line.ts'

/** Whether history must be read to settle this answer; otherwise `noHistory` is enough. */
export function needsHistory({ line, outcome }: Answered): boolean {
  return (
    line.parts > 1 ||
    (makes.has(line.kind) && isRestored(outcome)) ||
    (line.kind === 'detach' && outcome.status === 'unconfirmed')
  )
}

/** The Entry of a Record after these answers. A link has one answer in a Run. */
export function settle(
  before: Entry | undefined,
  answers: AnswersOfRecord,
  history: History,
  settling: Settling,
): NextEntry {
  const [first] = answers
  return first.line.group === ''
    ? settleRecord(before, answers, history, settling)
    : settleLink(before, first, history, settling)
}

/** The line of the Ledger for this answer. */
export function ledgerLine(answered: Answered): LedgerLine {
  const { line, outcome, markedAt, asks } = answered
  const { ordinal, key, group, kind, reason, before } = line
  const effect = effectOf(answered)
  return {
    ordinal,
    key,
    group,
    kind,
    reason,
    status: outcome.status,
    code: 'code' in outcome ? outcome.code : null,
    message: 'message' in outcome ? outcome.message : null,
    field: outcome.status === 'rejected' ? (outcome.field ?? null) : null,
    httpStatus: outcome.status === 'rejected' ? (outcome.httpStatus ?? null) : null,
    requestId: outcome.requestId ?? null,
    targetId: outcome.targetId ?? line.targetId,
    effect,
    managed: kind === 'attach' ? effect === 'created' : isManagedBy(answered),
    since: line.sent?.from ?? (group === '' ? null : markedAt),
    before,
    after: asks ?? line.asks,
  }
}
