import type { Fields } from './field.ts'
import type { Period } from './period.ts'
import type { Key } from './record.ts'

/** What one Run changed on one thing. */
export interface Change {
  readonly key: Key
  readonly kind: 'attach' | 'detach'
  /** The thing's own id, where it is known. */
  readonly targetId: string | null
  /** Ids of what it really put on or took off. */
  readonly groups: readonly string[]
  /** Those of them that a later Run of the same Activation changed as well, and the latest such Run. */
  readonly later: readonly string[]
  readonly laterRun: number | null
  /** When it was done. */
  readonly wrote: Period
}

/** What one Run did to one thing that has values. */
export interface RecordChange {
  readonly key: Key
  readonly kind: 'create' | 'update' | 'upsert' | 'delete' | 'archive' | 'restore'
  readonly targetId: string
  /** It brought the thing into being. */
  readonly created: boolean
  /** What these Fields held before; null where nobody looked. */
  readonly before: Fields | null
  readonly after: Fields
  /** Fields that a later Run of the same Activation set as well, and the latest Run that did anything to the thing. */
  readonly later: readonly string[]
  readonly laterRun: number | null
  /** Where this asked again for a creation that had got no answer: when that was sent. What came to be just then is ours. */
  readonly sent: Period | null
}

/** A creation that one Run sent, and that got no answer. */
export interface UnansweredCreation extends Pick<RecordChange, 'key' | 'later' | 'laterRun'> {
  /** The thing that a later Run came upon; null where none did. */
  readonly targetId: string | null
  /** It knew that thing to be ours. */
  readonly created: boolean
  /** What it was asked to hold; null where the process died before that was written down. */
  readonly after: Fields | null
  readonly sent: Period
}
