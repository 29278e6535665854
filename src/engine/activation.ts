import type { SyncBehavior } from '../model/behavior.ts'
import type { TargetObject, TargetSpec } from '../connect/target.ts'
import type { Warehouse } from '../connect/warehouse.ts'
import type { Mapping } from '../model/mapping.ts'
import type { Limits } from '../rules/guardrails.ts'
import type { Ownership } from '../rules/decide.ts'

/**
 * A Connection that the engine may open: a Connector with the user's validated config, under the user's name for it.
 */
export interface Connection<Spec> {
  readonly name: string
  readonly spec: Spec
  readonly config: unknown
  /** Values that must never be shown. */
  readonly secrets: readonly string[]
}

/** The column that holds an identifier. */
export interface IdentifiedBy {
  readonly field: string
  readonly column: string
}

/** All that the engine needs to run one Activation. */
export interface Activation {
  readonly name: string
  readonly query: string
  readonly warehouse: Connection<Warehouse>
  readonly target: Connection<TargetSpec>
  readonly object: TargetObject
  readonly behavior: SyncBehavior
  readonly identifier: IdentifiedBy
  /** Further identifiers, in order, for rows whose identifier is null or not found. */
  readonly fallbacks?: readonly IdentifiedBy[]
  /** For objects that have Fields. */
  readonly mapping?: Mapping
  /**
   * If an identifier names several target records: reject the Record (`one`), or deliver it to all of them (`all`).
   * Default: `one`.
   */
  readonly matches?: 'one' | 'all'
  /**
   * If several rows name one Record with different content: all are invalid (`refuse`), or the first one counts
   * (`first`). Default: `refuse`.
   */
  readonly duplicates?: 'refuse' | 'first'
  /**
   * What to do with a changed row that the behavior does not deliver: mark it as not loaded, or ignore it. Default:
   * `mark`.
   */
  readonly changedRows?: 'mark' | 'ignore'
  /** Name of an Activation whose state this one takes over at its first Run. */
  readonly adopts?: string
  readonly settings: unknown
  readonly limits: Limits
  readonly ownership: Ownership
  /** What to read back after each Run. Default: `none`. */
  readonly verify?: 'none' | 'sample' | 'full'
  /** What to do about changes that others made in the Target. Default: `report`. */
  readonly drift?: 'report' | 'repair'
  readonly timeLimitMs: number
  /** Directory of tailrace.yaml. */
  readonly baseDir: string
}
