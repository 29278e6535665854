import type { OutcomeStatus } from '../../../store/ledger/ledger.ts'

/** Outcome statuses in words. */
export const outcomeWords: Readonly<Record<OutcomeStatus, string>> = {
  delivered: 'delivered',
  'in-place': 'already in place',
  rejected: 'not loaded',
  'on-hold': 'on hold',
  unconfirmed: 'unconfirmed',
}

/** An operation in words; for a line that was not sent, the reason. */
export function operationWord(kind: string): string {
  return kind === 'reject' ? 'not sent' : kind === 'wait' ? 'on hold' : kind
}
