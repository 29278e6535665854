import type { OutcomeStatus } from '../../../store/ledger/ledger.ts'

/** How users know the Target's answers. */
export const outcomeWords: Readonly<Record<OutcomeStatus, string>> = {
  delivered: 'delivered',
  'in-place': 'already in place',
  rejected: 'not loaded',
  'on-hold': 'on hold',
  unconfirmed: 'unconfirmed',
}

/** Operations are called what they are; for what was not sent, why. */
export function operationWord(kind: string): string {
  return kind === 'reject' ? 'not sent' : kind === 'wait' ? 'held back' : kind
}
