import type { Entry } from '../../model/entry.ts'
import type { OperationKind, PlannedKind, Reason } from '../../model/operation.ts'
import type { Outcome } from '../../model/outcome.ts'
import type { Period } from '../../model/period.ts'
import type { RecordRef } from '../../model/record.ts'

/**
 * What settlement needs of a Plan line (`PlannedOperation` in src/store/plans/operations.ts explains each property).
 */
export interface SettledLine<Kind extends PlannedKind = OperationKind> extends RecordRef {
  readonly ordinal: number
  readonly kind: Kind
  readonly reason: Reason
  readonly certain: boolean
  readonly managed: boolean
  readonly desired: string | null
  readonly forgetsWhenDone: boolean
  /** Number of lines of this Plan that concern this Record: several if it goes to several target records. */
  readonly parts: number
  readonly sent: Period | null
  readonly targetId: string | null
  readonly before: string | null
  readonly asks: string | null
  readonly fingerprints: string | null
}

/** A Plan line without an Operation: `skip`, `reject` or `wait`. */
export interface KeptLine extends SettledLine<PlannedKind> {
  readonly note: string | null
  /** Why it is rejected or waits. */
  readonly code: string | null
  readonly message: string | null
}

/** The Target's answer to a line. */
export interface Answered {
  readonly line: SettledLine
  readonly outcome: Outcome
  /** Fingerprints and values (JSON) as stored, if the Target stores some Fields in another form than planned. */
  readonly fingerprints?: string
  readonly asks?: string
  /** When its batch was marked, in unix milliseconds; null: nothing had to be sent. */
  readonly markedAt: number | null
}

/** All answers about one Record: at least one. */
export type AnswersOfRecord = readonly [Answered, ...Answered[]]

/** What the Ledger knows of a Record, besides its Entry and the current answers. */
export interface History {
  /** Lines of this Run about this Record that were delivered or in place before these answers. */
  readonly done: number
  /** The Plan rejected a line of this Run about this Record. */
  readonly isRejectedInPart: boolean
  /** We archived this target record because its row was removed, or to undo its create, and have not seen it since. */
  readonly archivedByUs: boolean
  /**
   * When we last added a managed link, by the Target's clock, as wide as it may be. While its removal is unconfirmed,
   * this tells our link from a link that another party added.
   */
  readonly lastAddition: Period | null
}

export const noHistory: History = { done: 0, isRejectedInPart: false, archivedByUs: false, lastAddition: null }

/** The Run that settles, and the time. */
export interface Settling {
  readonly runId: number
  /** Unix milliseconds by the control database's clock. */
  readonly at: number
}

/** The new Entry; null: the Snapshot removes it; undefined, or the Entry before: nothing changes. */
export type NextEntry = Entry | null | undefined
