import type { ZodType } from 'zod'
import type { Notice } from '../model/notice.ts'
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
  /**
   * Ends whatever is under way, also on a connection that has fallen silent: at the Run's time limit, and when a person stops it.
   * `open` and every call of the session obey it. Its reason is what they throw, where that is a Fault.
   */
  readonly signal?: AbortSignal
}

export interface WarehouseSession {
  /** The time zone in which queries are evaluated: an IANA name. */
  readonly timezone?: string
  /** Product and version, and anything worth a person's eye, such as "this role may also write". */
  check(): Promise<{ readonly version: string; readonly notices: readonly Notice[] }>
  /**
   * The query's output columns, found without reading its rows. Refuses (Fault `config`): SQL that fails (`query-failed`, the
   * warehouse's words and the position in the user's text), anything that writes or more than one statement
   * (`query-not-read-only`), and duplicate output names (`duplicate-column`).
   */
  columns(sql: string): Promise<readonly Column[]>
  /**
   * Streams the rows of the query, in pages, with flat memory. Only the named columns are read, in that order. Every cell is text that
   * the warehouse's own SQL wrote: booleans `true` and `false`; arrays, structs, maps and json are JSON; dates `2026-11-22`; timestamps
   * ISO 8601 with their offset, `2026-11-22T09:30:00.123456+00:00` (one without a zone is a time in the session's zone); floats that are
   * no number `NaN`, `Infinity` and `-Infinity`; bytes `\\x00ff`; all else as the warehouse shows it, to the last digit and space.
   * Ends cleanly or throws; a read that threw or was aborted has no meaning. Abort cancels the query in the warehouse, and a read
   * that is left early does so too.
   */
  read(sql: string, options: ReadOptions): AsyncIterable<readonly Row[]>
  /** Tables and views that queries may read, by schema and name, for people who write queries; at most 2,000. */
  schema?(): Promise<{ readonly tables: readonly Table[]; readonly truncated: boolean }>
  /** Never waits for a warehouse that has fallen silent. */
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
