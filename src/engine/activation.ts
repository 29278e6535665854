import type { SyncBehavior } from '../model/behavior.ts'
import type { TargetObject, TargetSpec } from '../connect/target.ts'
import type { WarehouseSpec } from '../connect/warehouse.ts'
import type { Mapping } from '../model/mapping.ts'
import type { Limits } from '../rules/guardrails.ts'
import type { Ownership } from '../rules/decide.ts'

/** A Connection the engine may open: the Connector with the user's validated config under the user's name for it. */
export interface Connection<Spec> {
  readonly name: string
  readonly spec: Spec
  readonly config: unknown
  /** Values that must never be shown. */
  readonly secrets: readonly string[]
}

/** Which query field holds which identifier. */
export interface IdentifiedBy {
  readonly field: string
  readonly column: string
}

/** All the engine needs to know to run one Activation. */
export interface Activation {
  readonly name: string
  readonly query: string
  readonly warehouse: Connection<WarehouseSpec>
  readonly target: Connection<TargetSpec>
  readonly object: TargetObject
  readonly behavior: SyncBehavior
  readonly identifier: IdentifiedBy
  /** What to find a Record by where the identifier is null, or names nothing: in this order. */
  readonly fallbacks?: readonly IdentifiedBy[]
  /** For objects that have Fields. */
  readonly mapping?: Mapping
  /** What to do where an identifier names several things: refuse the Record, or deliver it to all of them. Left out: refuse. */
  readonly matches?: 'one' | 'all'
  /** Of rows that name one Record and do not ask for the same: none becomes a Record, or the first. Left out: none. */
  readonly duplicates?: 'refuse' | 'first'
  /** What to do with a changed row that the behaviour does not deliver: mark it as not loaded, or ignore it. Left out: mark. */
  readonly changedRows?: 'mark' | 'ignore'
  /** Name of an Activation whose memory this one takes over at its first Run. */
  readonly adopts?: string
  readonly settings: unknown
  readonly limits: Limits
  readonly ownership: Ownership
  /** What to read back after each Run. Left out: nothing. */
  readonly verify?: 'none' | 'sample' | 'full'
  /** What to do about what people took off, or put back. Left out: report it. */
  readonly drift?: 'report' | 'repair'
  readonly timeLimitMs: number
  /** Directory of tailrace.yaml. */
  readonly baseDir: string
}
