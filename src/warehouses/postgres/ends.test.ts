import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { Fault, type WarehouseSession } from '../../connect/index.ts'
import { silentProxy, type SilentProxy } from '../../testing/failures/tcp-proxies.ts'
import { testDatabase, type TestDatabase } from '../../testing/harness/test-database.ts'
import { eventually } from '../../testing/warehouse-kit/warehouse-under-test.ts'
import { warehouse } from './index.ts'

const silent = { debug() {}, info() {}, warn() {} }
/** The abort reason of a Run's time limit. */
const over = new Fault('transient', 'The time is over.', { code: 'time-limit' })

describe('whatever keeps PostgreSQL, an abort ends it', { timeout: 120_000 }, () => {
  let database: TestDatabase
  let url: URL
  before(async () => {
    database = await testDatabase()
    url = new URL(database.url)
    await database.pool.query('create table public.customers as select g as id from generate_series(1, 100000) g')
  })
  after(() => database.close())

  const open = async (signal: AbortSignal, port = Number(url.port)): Promise<WarehouseSession> => {
    const config = {
      host: url.hostname,
      port,
      database: url.pathname.slice(1),
      user: url.username,
      password: decodeURIComponent(url.password),
      ssl: 'disable',
    }
    return await warehouse.open(warehouse.config.parse(config), { baseDir: '/', log: silent, signal })
  }
  const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
    const fault: unknown = await work.then(
      () => 'it ended well',
      (error: unknown) => error,
    )
    assert.ok(Fault.is(fault), String(fault))
    return fault
  }
  const readAll = async (
    session: WarehouseSession,
    sql: string,
    columns: readonly string[],
    onPage = () => {},
  ): Promise<void> => {
    for await (const _ of session.read(sql, { columns, pageSize: 100, signal: new AbortController().signal })) onPage()
  }
  /** Number of our sessions on the server that are running a query. */
  const working = async (): Promise<number> => {
    const { rowCount } = await database.pool.query(
      `select 1 from pg_stat_activity where application_name = 'tailrace' and datname = current_database() and state = 'active'`,
    )
    return rowCount ?? 0
  }

  for (const [what, sql] of [
    ['sleeps', 'select pg_sleep(3600)::text as a'],
    ['counts', 'select count(*)::text as a from generate_series(1, 1000000000000)'],
  ] as const) {
    test(`a query that ${what}`, async () => {
      const stop = new AbortController()
      const session = await open(stop.signal)
      const reading = faultOf(readAll(session, sql, ['a']))
      await eventually('the query runs', async () => (await working()) > 0)
      stop.abort(over)
      assert.equal(await reading, over)
      await eventually('the server has ended the query', async () => (await working()) === 0)
      assert.equal(await faultOf(session.columns('select 1 as a')), over)
      await session.close()
    })
  }

  for (const call of ['columns', 'read'] as const) {
    test(`a table that a rebuild has locked: ${call}`, async () => {
      const rebuild = new pg.Client(database.url)
      await rebuild.connect()
      try {
        await rebuild.query('begin; lock table public.customers in access exclusive mode')
        const stop = new AbortController()
        const session = await open(stop.signal)
        const asking = faultOf(
          call === 'read'
            ? readAll(session, 'select id from public.customers', ['id'])
            : session.columns('select id from public.customers'),
        )
        const isWaiting = async () =>
          (
            await rebuild.query(
              `select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`,
            )
          ).rowCount !== 0
        await eventually('it waits for the lock', isWaiting)
        stop.abort(over)
        assert.equal(await asking, over)
        await eventually('nobody waits any more', async () => !(await isWaiting()))
      } finally {
        await rebuild.end()
      }
    })
  }

  test('a connection that falls silent, wherever it does', async () => {
    // Number of bytes in a complete conversation, so that the test can stop responding after each part of it.
    const measure = async (use: (session: WarehouseSession) => Promise<unknown>) => {
      const proxy = await silentProxy({ host: url.hostname, port: Number(url.port) })
      await use(await open(new AbortController().signal, proxy.port))
      await proxy.close()
      return proxy.received
    }
    const uses: Readonly<Record<string, (session: WarehouseSession) => Promise<unknown>>> = {
      columns: (session) => session.columns('select id from public.customers'),
      read: (session) => readAll(session, 'select id from public.customers limit 1000', ['id']),
      check: (session) => session.check(),
    }
    await Promise.all(
      Object.entries(uses).map(async ([name, use]) => {
        const bytes = await measure(use)
        await Promise.all(
          [1, 2, 3, 4, 5, 6, 7].map(async (part) => {
            const proxy = await silentProxy(
              { host: url.hostname, port: Number(url.port) },
              Math.floor((bytes * part) / 8),
            )
            const stop = new AbortController()
            const ending = faultOf(open(stop.signal, proxy.port).then(use))
            await eventually('it has fallen silent', () =>
              Promise.resolve(proxy.received >= Math.floor((bytes * part) / 8)),
            )
            stop.abort(over)
            assert.equal(await ending, over, `${name}, after ${part} eighths`)
            await proxy.close()
          }),
        )
      }),
    )
  })

  test('a connection that falls silent between two pages, and in its farewell', async () => {
    const host = { host: url.hostname, port: Number(url.port) }
    let proxy: SilentProxy = await silentProxy(host)
    const stop = new AbortController()
    const session = await open(stop.signal, proxy.port)
    const reading = faultOf(
      readAll(session, 'select id from public.customers', ['id'], () => {
        proxy.fallSilent()
        setImmediate(() => stop.abort(over))
      }),
    )
    assert.equal(await reading, over)
    await proxy.close()

    // No abort here: a reader stops early, and the server does not answer the close.
    proxy = await silentProxy(host)
    const left = await open(new AbortController().signal, proxy.port)
    for await (const _ of left.read('select id from public.customers', {
      columns: ['id'],
      pageSize: 100,
      signal: new AbortController().signal,
    })) {
      proxy.fallSilent()
      break
    }
    await left.close()
    await proxy.close()
    await eventually('the server has found out that nobody listens', async () => (await working()) === 0)
  })

  test('a server that takes connections and says nothing', async () => {
    const proxy = await silentProxy({ host: url.hostname, port: Number(url.port) }, 0)
    const stop = new AbortController()
    const opening = faultOf(open(stop.signal, proxy.port))
    await eventually('it was asked', () => Promise.resolve(proxy.received > 0))
    stop.abort(over)
    assert.equal(await opening, over)
    await proxy.close()
  })
})
