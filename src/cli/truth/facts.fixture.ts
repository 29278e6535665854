import type { Nouns } from '../../model/noun.ts'
import type { Counts, RunStatus } from '../../model/run.ts'

/** What is known about a Run without its sentences: from the rows, from the calls that reached the Target, and from the Ledger. */
export interface Facts {
  readonly status: RunStatus
  readonly undoes: number | null
  readonly counts: Counts
  /** Operations that reached the Target. */
  readonly sent: number
  /** Null: not known, because the process of the Run is gone. */
  readonly requests: { readonly read: number; readonly write: number } | null
  /** The Outcomes are counted: the Run ended, or a later one settled it. */
  readonly isCounted: boolean
  /** What was done to whole records, by the answers of the Target. */
  readonly effects: Readonly<Record<string, number>>
  readonly nouns: Nouns
  /** The operation of the behavior for new rows. */
  readonly added: string
  readonly groups: readonly string[]
  readonly record: RecordFacts | undefined
  /** Records that are synced, by an own query. */
  readonly synced: number
  /** Lines of the stored plan, by operation. */
  readonly planned: Readonly<Record<string, number>>
}

/** Words of one surface about a Run: its lines, and texts within them that are quoted, such as the message of a Fault. */
export interface Surface {
  readonly name: string
  readonly lines: readonly string[]
  readonly quoted: readonly string[]
}

/** One Record of the Run: what the Target holds for it, and what was sent for it in all Runs. */
export interface RecordFacts {
  readonly isHeld: boolean
  readonly wasDelivered: boolean
  readonly wasSent: boolean
  /** A Run wrote it, and a later Run wrote it again. */
  readonly wasWrittenTwice: boolean
  /** The Target confirmed that we created the target record or attached the link. */
  readonly isManaged: boolean
}

export type Holds = (facts: Facts, ...parts: string[]) => boolean
