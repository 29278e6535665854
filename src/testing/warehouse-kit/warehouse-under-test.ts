import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'
import type { Warehouse, WarehouseSession } from '../../connect/warehouse.ts'
import { Fault, type FaultKind } from '../../model/fault.ts'
import type { Log } from '../../connect/io.ts'
import { quoteName, quoteText } from '../../connect/sql/dialect.ts'
import type { ColumnType, Row } from '../../model/row.ts'

/** Kinds of values that the kit asks for. `zoned`: a time with a zone. `timestamp`: a time without one. */
export type ValueKind =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'zoned'
  | 'uuid'
  | 'json'
  | 'interval'

/** Kinds that every warehouse has. */
const everywhere: readonly ValueKind[] = ['text', 'integer', 'decimal', 'float', 'boolean', 'date', 'timestamp', 'json']

/** A running warehouse. The kit takes all SQL from here, and from the dialect in `spec`. */
export interface WarehouseUnderTest {
  readonly spec: Warehouse
  /** As in tailrace.yaml, without `type`. */
  readonly config: unknown
  readonly baseDir: string
  /** Secrets in `config` and `broken`. None may appear in a log line or an error. */
  readonly secrets: readonly string[]
  readonly sql: {
    /** A query with a text column `id` (`0`, `1`, ...) and a text column `label`, in the order of `id`. */
    rows(count: number): string
    /**
     * SQL that makes a value of this kind from a text expression: `cast('7' as bigint)`. `decimal` keeps 38 digits, 4 of
     * them behind the point. Undefined: the warehouse has no such type.
     */
    as(text: string, kind: ValueKind): string | undefined
    /** SQL of a text expression, repeated. */
    repeat(text: string, times: number): string
    /**
     * Values whose text depends on the warehouse: at least bytes 00 and FF (`binary`), a JSON document, a decimal with a
     * scale, and the limits of its dates and times, such as years before Christ.
     */
    readonly own: readonly (readonly [value: string, type: ColumnType, text: string])[]
    /** Awkward column names that the warehouse allows: with spaces, capitals, quotes, backslashes, reserved words. */
    readonly names: readonly string[]
    /** Numbers that are none, alone and in lists: NaN, Infinity. Empty if the warehouse has none. */
    readonly noNumbers: readonly string[]
    /** Lists, structures and maps in SQL, each with its expected JSON and its names. `null`: not a list of names. */
    readonly structures: readonly (readonly [value: string, json: string, names: readonly string[] | null])[]
    /** Queries in forms of this warehouse, each with one row and one column `a` that is `x`. */
    readonly forms: readonly string[]
    /** Queries with a parameter, which has no value here. */
    readonly parameters: readonly string[]
    /** A query with a syntax error: the text before the place that the warehouse reports, and the text from there on. */
    readonly syntaxError: readonly [before: string, from: string]
    /** A query with a column `x` that can be described, but fails when a row is read. */
    readonly failsWhenRead: string
    /** A query with a column `n` that would run for hours. */
    readonly endless: string
    /** Statements that would change what `state` returns, or the session. The warehouse must reject each one. */
    readonly writes: readonly string[]
  }
  /** A user without any right, and what runs SQL as an administrator. Undefined: the warehouse knows no rights. */
  readonly unprivileged?: { readonly config: unknown; grant(sql: string): Promise<void> }
  /** Everything that `sql.writes` could change, in a form that can be compared. */
  state(): Promise<unknown>
  /** Whether the warehouse still runs a query or holds a resource for the session. The kit polls until it is false. */
  isBusy(): Promise<boolean>
  /** Configurations that cannot connect, and the Fault that each must cause. */
  readonly broken: readonly {
    readonly name: string
    readonly config: unknown
    readonly kind: FaultKind
    readonly code: string
  }[]
  teardown(): Promise<void>
}

/** An open session and what the checks need with it. */
export interface Opened {
  readonly under: WarehouseUnderTest
  readonly session: WarehouseSession
  /** Everything that was logged or thrown so far, in full detail. */
  readonly said: string[]
  open(config: unknown, signal?: AbortSignal): Promise<WarehouseSession>
  /** SQL of one row with these expressions, by column name. */
  select(columns: Readonly<Record<string, string>>): string
  /** SQL of a value. Undefined: the warehouse has no such type. */
  value(kind: ValueKind, text: string): string | undefined
  /** SQL of a text. */
  text(text: string): string
  /** Reads all pages of a query. */
  pages(sql: string, columns: readonly string[], pageSize?: number): Promise<readonly (readonly Row[])[]>
  /** Runs `work`, which must throw a Fault, and returns that Fault. */
  faultOf(work: () => Promise<unknown>): Promise<Fault>
}

export async function openUnderTest(under: WarehouseUnderTest): Promise<Opened> {
  const said: string[] = []
  const say = (...words: unknown[]) => said.push(inspect(words, { depth: 8 }))
  const log: Log = { debug: say, info: say, warn: say }
  const dialect = under.spec.sql
  const open = (config: unknown, signal?: AbortSignal) =>
    under.spec.open(under.spec.config.parse(config), {
      baseDir: under.baseDir,
      log,
      ...(signal !== undefined && { signal }),
    })
  const session = await open(under.config)
  return {
    under,
    session,
    said,
    open,
    select: (columns) =>
      `select ${Object.entries(columns)
        .map(([name, value]) => `${value} as ${quoteName(name, dialect)}`)
        .join(', ')}`,
    text: (text) => quoteText(text, dialect),
    value(kind, text) {
      const sql = under.sql.as(quoteText(text, dialect), kind)
      assert.ok(sql !== undefined || !everywhere.includes(kind), `a warehouse must have a type for ${kind}`)
      return sql
    },
    async pages(sql, columns, pageSize = 1000) {
      const pages = []
      for await (const page of session.read(sql, { columns, pageSize, signal: new AbortController().signal }))
        pages.push(page)
      return pages
    },
    async faultOf(work) {
      const result: unknown = await work().catch((error: unknown) => error)
      say(result)
      assert.ok(Fault.is(result), `a Fault was expected, not ${inspect(result)}`)
      return result
    },
  }
}

/** Polls until `isSo` is true. Fails after ten seconds. */
export async function eventually(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await isSo()) return
    await delay(50)
  }
  assert.fail(`It never came about that ${what}.`)
}
