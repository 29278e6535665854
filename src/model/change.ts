import type { Fields } from './field.ts'
import type { Period } from './period.ts'
import type { GroupId, Key } from './record.ts'

/** A link that one Run really added or removed. */
export interface Change {
  readonly key: Key
  readonly kind: 'attach' | 'detach'
  /** Its id in the Target, if known. */
  readonly targetId: string | null
  readonly group: GroupId
  /** The latest later Run of the same Activation that changed the link as well. */
  readonly laterRun: number | null
  /** When the Run wrote it. */
  readonly wrote: Period
}

/** What one Run did to one target record with fields. */
export interface RecordChange {
  readonly key: Key
  readonly kind: 'create' | 'update' | 'upsert' | 'delete' | 'archive' | 'restore'
  readonly targetId: string
  /** The Run created the target record. */
  readonly created: boolean
  /** Values of these Fields before the write; null: they were not read. */
  readonly before: Fields | null
  readonly after: Fields
  /**
   * Fields that later Runs of the same Activation also set, and the latest Run that changed the target record at all.
   */
  readonly later: readonly string[]
  readonly laterRun: number | null
  /**
   * If this write repeats a create without an answer: when that create was sent. A target record created then is
   * managed.
   */
  readonly sent: Period | null
}

/** A create that one Run sent and that got no answer. */
export interface UnansweredCreation extends Pick<RecordChange, 'key' | 'later' | 'laterRun'> {
  /** The target record that a later Run found; null: none did. */
  readonly targetId: string | null
  /** The later Run confirmed that we created it. */
  readonly created: boolean
  /** The values of the create; null: the process died before it stored them. */
  readonly after: Fields | null
  readonly sent: Period
}
