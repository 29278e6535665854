/**
 * How a Run ended. `shelved`: there was nothing to do. `blocked`: a guardrail or an outdated plan ended it before its
 * first write. `stopped`: a guardrail or the canary ended it after writes. `interrupted`: its process died.
 */
const endedStatuses = [
  'deferred',
  'completed',
  'completed with failures',
  'shelved',
  'blocked',
  'stopped',
  'failed',
  'cancelled',
  'interrupted',
] as const

/** The steps of a Run in order, then the ways it may end. */
export const runStatuses = [
  'queued',
  'reading',
  'comparing',
  'awaiting approval',
  'delivering',
  ...endedStatuses,
] as const
export type RunStatus = (typeof runStatuses)[number]

export function isEnded(status: RunStatus): boolean {
  return (endedStatuses as readonly RunStatus[]).includes(status)
}

/** Figures of a Run, in Records (`read` and `invalid`: in Rows). */
export interface Counts {
  /** Rows the Warehouse returned. */
  readonly read: number
  /**
   * Rows that could not become Records: identifiers that are null, blank, duplicate or impossible, or invalid values.
   */
  readonly invalid: number
  /** Records to add: new in the query, unconfirmed, or rejected earlier and due for a retry. */
  readonly added: number
  /** Synced Records with changed values. */
  readonly changed: number
  /** Records removed from the query since the last Run. */
  readonly removed: number
  /** Records without a Difference. */
  readonly unchanged: number
  /** Operations in the Plan. */
  readonly planned: number
  readonly delivered: number
  readonly alreadyInPlace: number
  /** Records that were skipped although something stands in the Target that was not asked for, such as an external tag. */
  readonly leftAlone: number
  /** Not loaded. */
  readonly rejected: number
  /** Not sent or not applied for a temporary reason; the next Run tries again. */
  readonly onHold: number
  /** Sent without a clear answer; the next Run settles it. */
  readonly unconfirmed: number
}

export const noCounts: Counts = {
  read: 0,
  invalid: 0,
  added: 0,
  changed: 0,
  removed: 0,
  unchanged: 0,
  planned: 0,
  delivered: 0,
  alreadyInPlace: 0,
  leftAlone: 0,
  rejected: 0,
  onHold: 0,
  unconfirmed: 0,
}

export interface RequestCounts {
  readonly read: number
  readonly write: number
}

/** The requests of a stored Run. Null: not known, because it goes on or its process died. */
export function knownRequests({ read, write }: Partial<RequestCounts>): RequestCounts | null {
  return read === undefined || write === undefined ? null : { read, write }
}

/** The end status of a Run that was not cut short. */
export function endStatus(counts: Counts): RunStatus {
  if (counts.invalid + counts.rejected + counts.onHold + counts.unconfirmed > 0) return 'completed with failures'
  // An unconfirmed write that is found in place counts as delivered without being planned.
  return counts.planned + counts.delivered + counts.alreadyInPlace + counts.leftAlone === 0 ? 'shelved' : 'completed'
}

/**
 * Exit codes of the command line: 0 done or nothing to do; 1 ended, but not everything is in place; 3 nothing was
 * written, because of a guardrail or an outdated plan; 4 the Run failed; 5 stopped by a guardrail or the canary after
 * writes.
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
