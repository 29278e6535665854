import type { Period } from './period.ts'
import type { Key } from './record.ts'

/** What one Run changed on one thing. */
export interface Change {
  readonly key: Key
  readonly kind: 'add' | 'remove'
  /** Ids of what it really put on or took off. */
  readonly members: readonly string[]
  /** Those of them that a later Run of the same Activation changed as well, and the latest such Run. */
  readonly later: readonly string[]
  readonly laterRun: number | null
  /** When it was done. */
  readonly wrote: Period
}
