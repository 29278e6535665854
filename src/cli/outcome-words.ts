import type { OutcomeStatus } from '../store/ledger.ts'

/** How users know the Target's answers. */
export const outcomeWords: Readonly<Record<OutcomeStatus, string>> = {
  delivered: 'delivered',
  unchanged: 'already in place',
  rejected: 'not loaded',
  deferred: 'on hold',
  uncertain: 'in doubt',
}

/** `attach` and `detach` for what concerns tags; other operations are called what they are. */
export function operationWord(kind: string): string {
  return operationWords[kind] ?? kind
}

const operationWords: Readonly<Record<string, string>> = { add: 'attach', remove: 'detach', refuse: 'not sent', hold: 'held back' }
