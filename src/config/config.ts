import type { SyncBehavior } from '../model/behavior.ts'
import type { TargetSpec } from '../connect/target.ts'
import type { WarehouseSpec } from '../connect/warehouse.ts'
import type { Mapping } from '../model/mapping.ts'
import type { ConfigLimit } from './limit.ts'
import type { Schedule } from '../rules/schedule.ts'

/** A place in tailrace.yaml, as editors count: both from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface ConnectionConfig {
  readonly name: string
  /** The connector's id. */
  readonly type: string
  /** What the connector's own schema made of the mapping, without `type`. */
  readonly config: unknown
  readonly position: Position
  /** Every value that must never be shown: fields marked secret, and passwords inside secret URLs. */
  readonly secrets: readonly string[]
}

/** The guardrails of one Activation. */
export interface ConfigLimits {
  /** How much may be added in one Run. */
  readonly adds: ConfigLimit
  /** How many may get other values in one Run. */
  readonly updates: ConfigLimit
  /** How much may be removed in one Run. */
  readonly removes: ConfigLimit
  /** How many rows of the query may be unusable. */
  readonly invalid: ConfigLimit
  /** How many answers may be rejections, judged after the first 100. */
  readonly failures: ConfigLimit
  /** By how much the query's result may shrink from one Run to the next, for behaviours that remove. */
  readonly shrunk: ConfigLimit
  /** Share of all there are in the Target that one Run may write to. */
  readonly population: ConfigLimit
}

/** Which query field holds which identifier. */
export interface IdentifierConfig {
  readonly field: string
  readonly column: string
}

export interface ActivationConfig {
  readonly name: string
  /** Name of a warehouse Connection in the same file. */
  readonly warehouse: string
  readonly query: string
  /** Where the SQL's first character stands, so that positions in SQL errors can be told as positions in the file. */
  readonly queryPosition: Position
  /** Name of a target Connection in the same file. */
  readonly target: string
  readonly object: string
  readonly behavior: string
  readonly identifier: IdentifierConfig
  /** Further identifiers for rows that lack the first, in order. */
  readonly fallbacks: readonly IdentifierConfig[]
  /** For objects that have Fields; undefined where nothing is written. */
  readonly mapping: Mapping | undefined
  readonly matches: 'one' | 'all'
  readonly changedRows: 'mark' | 'ignore'
  readonly duplicates: 'refuse' | 'first'
  /** Name of an Activation, of this file or of an earlier state of it. */
  readonly adopts: string | undefined
  /** The object's own keys (`tags`, `createTag` …) as `object.settings` made them, defaults applied. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly schedule: Schedule | null
  readonly limits: ConfigLimits
  readonly verify: 'none' | 'sample' | 'full'
  readonly ownership: 'respect' | 'adopt' | 'enforce'
  readonly drift: 'report' | 'repair'
  readonly bookkeeping: 'store' | 'warehouse'
  /** How long one Run may take, waiting included, in milliseconds. */
  readonly timeLimitMs: number
  readonly position: Position
}

export interface TailraceConfig {
  /** Absolute path of tailrace.yaml. */
  readonly file: string
  /** Its folder: what relative paths in it are relative to. */
  readonly dir: string
  readonly warehouses: ReadonlyMap<string, ConnectionConfig>
  readonly targets: ReadonlyMap<string, ConnectionConfig>
  readonly activations: ReadonlyMap<string, ActivationConfig>
}

/** What this process can connect to, handed in: the registries are made elsewhere. */
export interface Connectors {
  warehouse(type: string): Promise<WarehouseSpec | undefined>
  readonly warehouseTypes: readonly string[]
  target(type: string): Promise<TargetSpec | undefined>
  readonly targetTypes: readonly string[]
  readonly behaviors: ReadonlyMap<string, SyncBehavior>
}
