import type { PlannedKind } from './operation.ts'
import type { Effect, RejectionCode } from './outcome.ts'
import type { Period } from './period.ts'
import type { RecordRef } from './record.ts'

export type EntryState = 'synced' | 'unconfirmed' | 'rejected'

/** Whether we created the target record or the link. `unconfirmed`: our create of a target record got no clear answer. */
export type Managed = 'no' | 'yes' | 'unconfirmed'

/**
 * One row of the Snapshot: what we believe the Target holds for a Record because of us.
 * Times are unix milliseconds by the control database's clock.
 */
export interface Entry {
  readonly state: EntryState
  /** Its row was in the last complete Stage. */
  readonly present: boolean
  /** Its row was missing from the query and is back; nothing was settled since. */
  readonly returned: boolean
  /**
   * Of a whole record: fingerprint of what its row asked for when it was settled; null: unknown, so the Record counts as
   * different.
   */
  readonly desired: string | null
  readonly managed: Managed
  /** Consecutive rejections. */
  readonly tries: number
  readonly retryAt: number | null
  /** The Run that settled it last. */
  readonly runId: number
  /** While unconfirmed: when it was sent. */
  readonly sent: Period | null
  readonly targetId: string | null
  /** Fingerprints of its Fields when they were settled (src/rules/fingerprints.ts). */
  readonly fingerprints: string | null
}

/** The new Entry of a Record; null: the Snapshot removes it. */
export interface EntryChange extends RecordRef {
  readonly entry: Entry | null
}

/** One line of the Ledger: the outcome of one line of the Plan. */
export interface LedgerLine extends RecordRef {
  readonly ordinal: number
  readonly kind: PlannedKind
  readonly reason: string
  readonly status: string
  readonly code: string | null
  readonly message: string | null
  readonly field: string | null
  readonly httpStatus: number | null
  readonly requestId: string | null
  readonly targetId: string | null
  /** What it really changed; null: unknown. */
  readonly effect: Effect | null
  /** The target record or link is managed because of this line. Of the removal of a target record: it was managed. */
  readonly managed: boolean
  /** When it was sent, in unix milliseconds, if that is not the time of the line. */
  readonly since: number | null
  readonly before: string | null
  readonly after: string | null
}

/** Rejections that may pass with time, so they are retried automatically. Others wait for a changed row or a person. */
export const passingRejections: ReadonlySet<string> = new Set<RejectionCode>(['not-found', 'conflict'])
