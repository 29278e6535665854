import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Fault, type WarehouseSession } from '../../connect/index.ts'
import { startPgBouncer } from '../../testing/harness/pgbouncer.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { eventually } from '../../testing/warehouse-kit/warehouse-under-test.ts'
import { warehouse } from './index.ts'

const silent = { debug() {}, info() {}, warn() {} }

async function behind(t: TestContext, mode: 'session' | 'transaction' | 'statement') {
  const database = await testDatabase(t)
  const url = new URL(database.url)
  const bouncer = await startPgBouncer(url, mode)
  if (bouncer === undefined) return t.skip('needs pgbouncer (a Debian package)')
  t.after(() => bouncer.stop())
  url.port = String(bouncer.port)
  const open = async (options?: string) => {
    if (options !== undefined) url.searchParams.set('options', options)
    return await warehouse.open(warehouse.config.parse({ url: url.href, ssl: 'disable' }), {
      baseDir: '/',
      log: silent,
    })
  }
  const isBusy = async () => {
    const { rowCount } = await database.pool.query(
      `select 1 from pg_stat_activity where application_name = 'tailrace' and datname = current_database() and state <> 'idle'`,
    )
    return rowCount !== 0
  }
  return { open, isBusy }
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const fault: unknown = await work.then(
    () => 'it ended well',
    (error: unknown) => error,
  )
  assert.ok(Fault.is(fault), String(fault))
  return fault
}

async function all(
  session: WarehouseSession,
  sql: string,
  columns: readonly string[],
  signal = new AbortController().signal,
) {
  const rows = []
  for await (const page of session.read(sql, { columns, pageSize: 1000, signal })) rows.push(...page)
  return rows
}

for (const mode of ['session', 'transaction'] as const) {
  test(
    `behind PgBouncer with ${mode} pooling: reads, and a query that is stopped ends in the warehouse`,
    { timeout: 60_000 },
    async (t) => {
      const harness = await behind(t, mode)
      if (harness === undefined) return
      const { open, isBusy } = harness
      const session = await open()
      assert.equal((await all(session, 'select g from generate_series(1, 5000) g', ['g'])).length, 5000)
      assert.deepEqual(
        (await session.columns('select 1 as a')).map(({ name }) => name),
        ['a'],
      )
      assert.deepEqual(await session.check().then(({ notices }) => notices.length), 1)

      // Several sessions at once, so that PgBouncer's client numbers certainly differ from the backends' process ids.
      const stop = new AbortController()
      const others = Promise.all([1, 2].map(() => all(session, 'select pg_sleep(1)::text as a', ['a'])))
      const stuck = faultOf(all(session, 'select pg_sleep(3600)::text as a', ['a'], stop.signal))
      const counting = faultOf(
        all(session, 'select count(*)::text as a from generate_series(1, 1000000000000)', ['a'], stop.signal),
      )
      await eventually('they run', isBusy)
      stop.abort()
      assert.equal((await stuck).kind, 'cancelled')
      assert.equal((await counting).kind, 'cancelled')
      assert.deepEqual(
        (await others).map((rows) => rows.length),
        [1, 1],
        'nobody else is stopped',
      )
      await eventually('the server does nothing more for us', async () => !(await isBusy()))

      // A reader that stops early also cancels its query.
      for await (const _ of session.read('select generate_series(1, 100000000) as g', {
        columns: ['g'],
        pageSize: 10,
        signal: new AbortController().signal,
      }))
        break
      await eventually('the server does nothing more for us', async () => !(await isBusy()))
    },
  )
}

test('a pooler that cannot be used is refused, with the reason', async (t) => {
  const harness = await behind(t, 'statement')
  if (harness === undefined) return
  const statement = await faultOf(harness.open())
  assert.deepEqual([statement.kind, statement.code], ['config', 'warehouse-pooler'])
  assert.match(statement.message, /transaction/i)
  const options = await faultOf(harness.open('-c search_path=sales'))
  assert.deepEqual([options.kind, options.code], ['config', 'warehouse-pooler'])
  assert.match(options.message, /options/)
})
