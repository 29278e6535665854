import { z, type ZodType } from 'zod'
import type { Notice } from '../model/notice.ts'
import type { Column, Row } from '../model/row.ts'
import type { Log } from './io.ts'
import type { Dialect } from './sql/dialect.ts'

/** A system we read with SQL. We never write to it. */
export interface Warehouse<Config = unknown> {
  readonly contract: 2
  /** The folder's name, and the `type` in tailrace.yaml. */
  readonly id: string
  readonly name: string
  /**
   * Secrets carry `.meta({ secret: true })`; settings that decide where secrets are sent carry `address: true`.
   * Relative paths are resolved against `baseDir` of `open`.
   */
  readonly config: ZodType<Config>
  /** How it writes SQL. `connect/sql` works with it, so a connector repeats none of that. */
  readonly sql: Dialect
  /**
   * Connects. Throws a Fault: `auth` (password, certificate), `config` (no such file or database), `transient`
   * (unreachable).
   */
  open(config: Config, context: WarehouseContext): Promise<WarehouseSession>
}

export interface WarehouseContext {
  /** Absolute directory of tailrace.yaml. Relative paths in config and file names in queries are relative to it. */
  readonly baseDir: string
  readonly log: Log
  /**
   * Ends all work, also on a connection that does not respond: at the Run's time limit, and when a user stops the Run.
   * `open` and all calls of the session obey it. They throw its reason if that is a Fault.
   */
  readonly signal?: AbortSignal
}

export interface WarehouseSession {
  /** Time zone in which queries are evaluated, as an IANA name. */
  readonly timezone?: string
  /** What answers there, and what the user may do there. Changes nothing. */
  check(): Promise<WarehouseCheck>
  /**
   * The query's output columns, found without reading its rows. Throws a Fault `config` for SQL that fails
   * (`query-failed`, with the warehouse's message and the position in the user's SQL), for a statement that writes or
   * more than one statement (`query-not-read-only`), and for duplicate output names (`duplicate-column`).
   */
  columns(sql: string): Promise<readonly Column[]>
  /**
   * Streams the rows of the query in pages, with constant memory. Reads only the named columns, in that order. Every
   * cell is text that the warehouse's own SQL wrote: booleans `true` and `false`; arrays, structs, maps and json as
   * JSON; dates `2026-11-22`; timestamps in ISO 8601 with offset, `2026-11-22T09:30:00.123456+00:00` (a time without a
   * zone is in the session's zone); numbers that are none as `NaN`, `Infinity` and `-Infinity`, also inside of JSON,
   * without quotes, so that the mapping rejects them by row; bytes `\\x00ff`; everything else exactly as the warehouse
   * shows it. No driver converts a value.
   *
   * It ends cleanly or throws. The rows of a read that threw or was aborted must not be used. An abort cancels the
   * query in the warehouse, and so does a consumer that stops early.
   */
  read(sql: string, options: ReadOptions): AsyncIterable<readonly Row[]>
  /** Tables and views that queries may read, by schema and name, as help for writing queries. At most `mostTables`. */
  schema(): Promise<{ readonly tables: readonly Table[]; readonly truncated: boolean }>
  /** Never waits for a warehouse that does not respond. */
  close(): Promise<void>
}

export interface WarehouseCheck {
  /** "PostgreSQL", also if a fork or a service answers under its own name. */
  readonly product: string
  /** As the product writes it: "17.2". */
  readonly version: string
  /** Each right that reading needs, as found by asking the warehouse. */
  readonly rights: readonly WarehouseRight[]
  /** For the user, such as "this role may also write". */
  readonly notices: readonly Notice[]
}

export interface WarehouseRight {
  /** "Read tables and views (12 of 15)". */
  readonly name: string
  readonly granted: boolean | 'unknown'
  /** If something of it is not granted: the SQL that grants it, or what to do instead, for an administrator. */
  readonly grant?: string
}

export interface Table {
  readonly schema: string
  readonly name: string
  /** In table order; `type` is the warehouse's name of the type. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

/** Maximum number of tables that `schema` lists. */
export const mostTables = 2000

export interface ReadOptions {
  readonly columns: readonly string[]
  /** Maximum number of rows per page. */
  readonly pageSize: number
  readonly signal: AbortSignal
}

export function defineWarehouse<Config>(warehouse: Warehouse<Config>): Warehouse {
  return warehouse as Warehouse
}

/**
 * Zones of the time zone database. PostgreSQL and DuckDB accept further names, such as `posixrules`, whose meaning
 * depends on their host.
 */
export const timezoneKey = z
  .string()
  .refine(isTimezone, { error: 'not a time zone; write one like Europe/Berlin, or UTC' })
  .optional()
  .meta({
    title: 'Time zone',
    description:
      'The time zone of the queries, such as Europe/Berlin. It applies to now()::date and to timestamps without a zone. Default: UTC.',
  })

export const defaultTimezone = 'UTC'

function isTimezone(name: string): boolean {
  try {
    // Intl accepts offsets such as +02:00, but in PostgreSQL they have the opposite meaning.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
