/**
 * How a Run ended. `shelved`: there was nothing to do. `blocked`: a guardrail, or a plan that no longer holds, ended it before its first
 * write; `stopped`: a guardrail or the canary ended it after writes. `interrupted`: its process is gone.
 */
const endedStatuses = [
  'deferred', 'completed', 'completed with failures', 'shelved', 'blocked', 'stopped', 'failed', 'cancelled', 'interrupted',
] as const

/** In the order in which a Run passes through them, and then how it may end. */
export const runStatuses = ['queued', 'reading', 'comparing', 'awaiting approval', 'delivering', ...endedStatuses] as const
export type RunStatus = (typeof runStatuses)[number]

export function isEnded(status: RunStatus): boolean {
  return (endedStatuses as readonly RunStatus[]).includes(status)
}

/** What a Run did, in Records (and Rows, for `read` and `invalid`). */
export interface Counts {
  /** Rows the Warehouse returned. */
  readonly read: number
  /** Rows that could not become Records: null, blank, duplicate or impossible identifiers. */
  readonly invalid: number
  /** Records not held yet: new in the query, unconfirmed, or rejected earlier and now due again. */
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
  /** Not loaded: the Target rejected them. */
  readonly rejected: number
  /** Not sent or not applied for a passing reason; tried again by the next Run. */
  readonly onHold: number
  /** Sent, with no clear answer; settled by the next Run. */
  readonly unconfirmed: number
}

export const noCounts: Counts = {
  read: 0, invalid: 0, added: 0, changed: 0, removed: 0, unchanged: 0,
  planned: 0, delivered: 0, alreadyInPlace: 0, leftAlone: 0, rejected: 0, onHold: 0, unconfirmed: 0,
}

export interface RequestCounts {
  readonly read: number
  readonly write: number
}

/** The end status of a Run that was not cut short. */
export function endStatus(counts: Counts): RunStatus {
  if (counts.invalid + counts.rejected + counts.onHold + counts.unconfirmed > 0) return 'completed with failures'
  // What was unconfirmed, and is found as asked, counts as delivered without being planned.
  return counts.planned + counts.delivered + counts.alreadyInPlace + counts.leftAlone === 0 ? 'shelved' : 'completed'
}

/**
 * Exit codes of the command line: 0 done or nothing to do; 1 ended, but not everything is in place; 3 nothing was written, because of a
 * guardrail or a plan that no longer holds; 4 the Run failed; 5 stopped by a guardrail or the canary after writes.
 */
export function exitCode(status: RunStatus): 0 | 1 | 3 | 4 | 5 {
  switch (status) {
    case 'completed':
    case 'shelved':
      return 0
    case 'blocked':
    case 'awaiting approval':
      return 3
    case 'failed':
    case 'interrupted':
      return 4
    case 'stopped':
      return 5
    default:
      return 1
  }
}
