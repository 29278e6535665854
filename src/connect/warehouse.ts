import type { ZodType } from 'zod'
import type { Column, Row } from '../model/row.ts'
import type { Log } from './io.ts'

/** A system we read from with SQL. We never write to it. */
export interface WarehouseSpec<Config = unknown> {
  readonly specVersion: 1
  /** The folder's name, and the `type` in tailrace.yaml. */
  readonly id: string
  readonly name: string
  /** Secrets carry `.meta({ secret: true })`, what says where they are sent `address: true`. Relative paths are resolved against `baseDir` of `open`. */
  readonly config: ZodType<Config>
  /** Connects. Throws a Fault: `auth` (password, certificate), `config` (no such file or database), `transient` (unreachable). */
  open(config: Config, context: WarehouseContext): Promise<WarehouseSession>
}

export interface WarehouseContext {
  /** Directory of tailrace.yaml, absolute: what relative paths in config and in the query's file names are relative to. */
  readonly baseDir: string
  readonly log: Log
}

export interface WarehouseSession {
  /** Product and version, and anything worth a person's eye, such as "this role may also write". */
  check(): Promise<{ readonly version: string; readonly notices: readonly string[] }>
  /**
   * The query's output columns, found without reading its rows. Refuses (Fault `config`): SQL that fails (`query-failed`, the
   * warehouse's words and the position in the user's text), anything that writes or more than one statement
   * (`query-not-read-only`), and duplicate output names (`duplicate-column`).
   */
  columns(sql: string): Promise<readonly Column[]>
  /**
   * Streams the rows of the query, in pages, with flat memory. Only the named columns are read, in that order.
   * Ends cleanly or throws; a read that threw or was aborted has no meaning. Abort cancels the query in the warehouse.
   */
  read(sql: string, options: ReadOptions): AsyncIterable<readonly Row[]>
  /** Tables and views that queries may read, by schema and name, for people who write queries; at most 2,000. */
  schema?(): Promise<{ readonly tables: readonly Table[]; readonly truncated: boolean }>
  close(): Promise<void>
}

export interface Table {
  readonly schema: string
  readonly name: string
  /** In their order; `type` in the warehouse's own words. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

/** So many are told. */
export const mostTables = 2000

export interface ReadOptions {
  readonly columns: readonly string[]
  /** Rows a page, at most. */
  readonly pageSize: number
  readonly signal: AbortSignal
}

export function defineWarehouse<Config>(spec: WarehouseSpec<Config>): WarehouseSpec {
  return spec as WarehouseSpec
}
