import type { SyncBehavior } from '../model/behavior.ts'
import type { TargetSpec } from '../connect/target.ts'
import type { Warehouse } from '../connect/warehouse.ts'
import type { Mapping } from '../model/mapping.ts'
import type { Schedule } from '../rules/schedule.ts'

/** A position in tailrace.yaml, as editors count: line and column from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface ConnectionConfig {
  readonly name: string
  /** The connector's id. */
  readonly type: string
  /** The connector's settings without `type`, parsed by its own schema. */
  readonly config: unknown
  readonly position: Position
  /** Every value that must never be shown: fields marked secret, and passwords inside secret URLs. */
  readonly secrets: readonly string[]
}

/** The guardrails of one Activation. */
export interface ConfigLimits {
  /** Additions in one Run. */
  readonly adds: ConfigLimit
  /** Records that get other values in one Run. */
  readonly updates: ConfigLimit
  /** Removals in one Run. */
  readonly removes: ConfigLimit
  /** Rows of the query that are invalid. */
  readonly invalid: ConfigLimit
  /** Rejections by the Target, checked after the first 100 answers. */
  readonly failures: ConfigLimit
  /** How much the query's result may shrink from one Run to the next, for behaviors that remove. */
  readonly shrunk: ConfigLimit
  /** Share of all target records of this kind that one Run may write to. */
  readonly population: ConfigLimit
}

/** Maps a query column to an identifier. */
export interface IdentifierConfig {
  readonly field: string
  readonly column: string
}

export interface ActivationConfig {
  readonly name: string
  /** Name of a warehouse Connection in the same file. */
  readonly warehouse: string
  readonly query: string
  /** Position of the SQL's first character, to convert positions in SQL errors to positions in the file. */
  readonly queryPosition: Position
  /** Name of a target Connection in the same file. */
  readonly target: string
  readonly object: string
  readonly behavior: string
  readonly identifier: IdentifierConfig
  /** Further identifiers for rows without the first one, in order. */
  readonly fallbacks: readonly IdentifierConfig[]
  /** For objects with Fields; undefined if nothing is mapped. */
  readonly mapping: Mapping | undefined
  readonly matches: 'one' | 'all'
  readonly changedRows: 'mark' | 'ignore'
  readonly duplicates: 'refuse' | 'first'
  /** Name of an Activation in this file or in an earlier version of it. */
  readonly adopts: string | undefined
  /** The object's own keys (`tags`, `createTag` …), parsed by `object.settings` with defaults. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly schedule: Schedule | null
  readonly limits: ConfigLimits
  readonly verify: 'none' | 'sample' | 'full'
  readonly ownership: 'respect' | 'adopt' | 'enforce'
  readonly drift: 'report' | 'repair'
  readonly bookkeeping: 'store'
  /** Maximum duration of one Run in milliseconds, waiting included. */
  readonly timeLimitMs: number
  readonly position: Position
}

export interface TailraceConfig {
  /** Absolute path of tailrace.yaml. */
  readonly file: string
  /** Its folder. Relative paths in the file are relative to it. */
  readonly dir: string
  readonly warehouses: ReadonlyMap<string, ConnectionConfig>
  readonly targets: ReadonlyMap<string, ConnectionConfig>
  readonly activations: ReadonlyMap<string, ActivationConfig>
}

/**
 * The connectors and behaviors of this process. The caller passes them in, so config does not import the registries.
 */
export interface Connectors {
  warehouse(type: string): Promise<Warehouse | undefined>
  readonly warehouseTypes: readonly string[]
  target(type: string): Promise<TargetSpec | undefined>
  readonly targetTypes: readonly string[]
  readonly behaviors: ReadonlyMap<string, SyncBehavior>
}

/**
 * A guardrail: `off`, a maximum number of records, or a maximum share of what the Activation holds
 * (`share: 0.5` is 50 %).
 */
export type ConfigLimit = 'off' | { readonly count: number } | { readonly share: number }

/** Parses `off`, `200` or `50%`; undefined for anything else. */
export function parseLimit(written: string | number): ConfigLimit | undefined {
  const text = String(written).trim()
  if (text === 'off') return 'off'
  if (/^\d{1,15}$/.test(text)) return { count: Number(text) }
  const share = /^(\d{1,3}(?:\.\d+)?)\s*%$/.exec(text)?.[1]
  return share !== undefined && Number(share) <= 100 ? { share: Number(share) / 100 } : undefined
}
