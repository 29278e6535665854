import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'
import type { Log } from '../../connect/io.ts'
import type { WarehouseSession } from '../../connect/warehouse.ts'
import { Fault } from '../../model/fault.ts'
import type { Row } from '../../model/row.ts'
import type { WarehouseUnderTest } from './warehouse-under-test.ts'

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
