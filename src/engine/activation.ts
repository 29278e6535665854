import type { SyncBehavior } from '../behaviors/behavior.ts'
import type { TargetObject, TargetSpec } from '../connect/target.ts'
import type { WarehouseSpec } from '../connect/warehouse.ts'
import type { Limits } from '../sync/guard.ts'
import type { Ownership } from '../sync/plan.ts'

/** A Connection the engine may open: the Connector with the user's validated config under the user's name for it. */
export interface Connection<Spec> {
  readonly name: string
  readonly spec: Spec
  readonly config: unknown
  /** Values that must never be shown. */
  readonly secrets: readonly string[]
}

/** All the engine needs to know to run one Activation. */
export interface Activation {
  readonly name: string
  readonly query: string
  readonly warehouse: Connection<WarehouseSpec>
  readonly target: Connection<TargetSpec>
  readonly object: TargetObject
  readonly behavior: SyncBehavior
  readonly identifier: { readonly field: string; readonly column: string }
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
