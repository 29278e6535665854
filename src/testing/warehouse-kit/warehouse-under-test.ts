import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'
import type { Warehouse, WarehouseSession } from '../../connect/warehouse.ts'
import { Fault, type FaultKind } from '../../model/fault.ts'
import type { Log } from '../../connect/io.ts'
import type { Row } from '../../model/row.ts'

/** A running warehouse, with the SQL that differs between warehouses. */
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
    /** One value of two bytes, 00 and FF. */
    readonly bytes: string
    /** Lists, structures and maps in SQL, each with its expected JSON and its names. `null`: not a list of names. */
    readonly structures: readonly (readonly [value: string, json: string, names: readonly string[] | null])[]
    /**
     * Years before Christ: a date and a time with a zone, read as `0044-03-15 BC` and `0044-03-15T00:00:00+00:00 BC`.
     */
    readonly beforeChrist: readonly [date: string, zoned: string]
    /** A query with a column `x` that can be described, but fails when a row is read. */
    readonly failsWhenRead: string
    /** A query with a column `n` that would run for hours. */
    readonly endless: string
    /** Statements that would change what `state` returns, or the session. The warehouse must reject each one. */
    readonly writes: readonly string[]
  }
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
  /** Reads all pages of a query. */
  pages(sql: string, columns: readonly string[], pageSize?: number): Promise<readonly (readonly Row[])[]>
  /** Runs `work`, which must throw a Fault, and returns that Fault. */
  faultOf(work: () => Promise<unknown>): Promise<Fault>
}

export async function openUnderTest(under: WarehouseUnderTest): Promise<Opened> {
  const said: string[] = []
  const say = (...words: unknown[]) => said.push(inspect(words, { depth: 8 }))
  const log: Log = { debug: say, info: say, warn: say }
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
