import type { PlannedKind } from './operation.ts'
import type { RejectionCode } from './outcome.ts'
import type { Period } from './period.ts'
import type { Key } from './record.ts'

export type EntryState = 'synced' | 'unconfirmed' | 'rejected'

/** One row of the Snapshot: what we believe the Target holds for a Record because of us. Moments are unix milliseconds by the control database's clock. */
export interface Entry {
  readonly state: EntryState
  /** Its row was in the last complete Stage. */
  readonly present: boolean
  /** Its row was away, and is back: nothing of it was settled since. */
  readonly returned: boolean
  /** Print of what its row asked for when it was settled; null: that is not known, so the Record differs. */
  readonly desired: string | null
  /** Ids of what its row asked for, where that differs by Record. */
  readonly desiredGroups: readonly string[] | null
  /** Ids of what we put there; of a target record: `created`, or `creating` while its creation is unconfirmed. */
  readonly managed: readonly string[]
  /** Rejections in a row. */
  readonly tries: number
  readonly retryAt: number | null
  /** The Run that settled it last. */
  readonly runId: number
  /** While unconfirmed: when it was sent. */
  readonly sent: Period | null
  readonly targetId: string | null
  /** What its Fields were when they were settled (src/rules/fingerprints.ts). */
  readonly fingerprints: string | null
}

/** What became of a Record's Entry: the new one, or null where the Snapshot forgets it. */
export interface EntryChange {
  readonly key: Key
  readonly entry: Entry | null
}

/** One line of the Ledger: what became of one line of the Plan. */
export interface LedgerLine {
  readonly ordinal: number
  readonly key: Key
  readonly kind: PlannedKind
  readonly reason: string
  readonly status: string
  readonly code: string | null
  readonly message: string | null
  readonly field: string | null
  readonly httpStatus: number | null
  readonly requestId: string | null
  readonly targetId: string | null
  /** What it really changed. */
  readonly groups: readonly string[]
  /** What it asked to change, where that is more than it changed. */
  readonly asked: readonly string[] | null
  /** When it was sent, in unix milliseconds, where that is not the time of the line. */
  readonly since: number | null
  readonly before: string | null
  readonly after: string | null
}

/** Rejections that may pass with time: tried again by themselves. The others wait for the row to change, or for a person. */
export const passingRejections: ReadonlySet<string> = new Set<RejectionCode>(['not-found', 'conflict'])
