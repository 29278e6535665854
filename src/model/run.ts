/** In the order in which a Run passes through them; the last seven are ends. */
export const runStatuses = [
  'queued', 'reading', 'comparing', 'awaiting approval', 'delivering',
  'deferred', 'completed', 'completed with failures', 'shelved', 'refused', 'failed', 'cancelled',
] as const
export type RunStatus = (typeof runStatuses)[number]
export const endedStatuses: readonly RunStatus[] = ['deferred', 'completed', 'completed with failures', 'shelved', 'refused', 'failed', 'cancelled']

/** What a Run did, in Records (and Rows, for `read` and `refused`). */
export interface Counts {
  /** Rows the Warehouse returned. */
  readonly read: number
  /** Rows that could not become Records: null, blank, duplicate or impossible identifiers. */
  readonly refused: number
  /** Records not held yet: new in the query, in doubt, or refused earlier and now due again. */
  readonly added: number
  /** Records held with other values. */
  readonly changed: number
  /** Records that left the query since the last Run. */
  readonly removed: number
  /** Records as they were. */
  readonly unchanged: number
  /** Operations in the Plan: what is asked of the Target. */
  readonly planned: number
  readonly delivered: number
  readonly alreadyInPlace: number
  /** Theirs, not ours: a person's tag that a Record would otherwise have lost. */
  readonly leftAlone: number
  /** Not loaded: the Target refused them. */
  readonly rejected: number
  /** Not sent or not applied for a passing reason; tried again by the next Run. */
  readonly onHold: number
  /** Sent, with no clear answer; settled by the next Run. */
  readonly inDoubt: number
}

export const noCounts: Counts = {
  read: 0, refused: 0, added: 0, changed: 0, removed: 0, unchanged: 0,
  planned: 0, delivered: 0, alreadyInPlace: 0, leftAlone: 0, rejected: 0, onHold: 0, inDoubt: 0,
}

export interface RequestCounts {
  readonly read: number
  readonly write: number
}

/** The end status of a Run that was not cut short. */
export function endStatus(counts: Counts): RunStatus {
  if (counts.refused + counts.rejected + counts.onHold + counts.inDoubt > 0) return 'completed with failures'
  return counts.planned + counts.alreadyInPlace + counts.leftAlone === 0 ? 'shelved' : 'completed'
}

/** Exit codes of the command line: 0 done or nothing to do, 1 done but some Records failed, 3 refused by a guardrail, 4 the Run failed. */
export function exitCode(status: RunStatus): 0 | 1 | 3 | 4 {
  switch (status) {
    case 'completed':
    case 'shelved':
      return 0
    case 'refused':
    case 'awaiting approval':
      return 3
    case 'failed':
      return 4
    default:
      return 1
  }
}
