import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import type { Pool } from 'pg'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { HttpRequest } from '../../connect/io.ts'
import { startIntercomEmulator } from '../../targets/intercom/emulator/index.ts'
import { faultOf, startHostileHttp } from '../../testing/failures/hostile-http.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { createHttpClient } from '../http-client.ts'
import type { HttpClient } from '../http-client-contract.ts'
import { replaceRateLedger } from '../../store/project/rate-ledgers.ts'
import { windowRule, type RateAskOf } from '../limits/budget-rules.ts'
import type { RateGrant } from '../limits/rate-share.ts'
import { windowLimit } from '../../testing/simulated/window-limit.ts'
import type { RateState } from '../../store/project/rate-ledgers.ts'
import { sharedBudget, type RateBudget } from './rate-budget.ts'

const windowMs = 1_000

type WindowBudget = RateBudget<RateAskOf, RateGrant>

const accountBudget = (pool: Pool, place: string, holder: string, before?: RateState): WindowBudget =>
  sharedBudget(windowRule, pool, place, holder, before)
const read: HttpRequest = { method: 'GET', path: '/me', effect: 'read', repeatable: true }
for (const { limit, reserve } of [
  { limit: 167, reserve: 0 },
  { limit: 100, reserve: 0.2 },
]) {
  test(`three processes share a limit of ${limit} less ${reserve * 100} %: no 429, and windows are full`, async (t) => {
    const database = await testDatabase(t)
    const emulator = await startIntercomEmulator({ limit, windowMs, contacts: 0, companies: 0, conversations: 0 })
    t.after(() => emulator.close())
    const task = { baseUrl: emulator.url, token: emulator.token, databaseUrl: database.url, windowMs, reserve }
    const processes = [1, 2, 3].map(() =>
      fork(fileURLToPath(new URL('./rate-budget.fixture.ts', import.meta.url)), [JSON.stringify(task)]),
    )
    const ends = processes.map((process) => once(process, 'exit'))
    t.after(() => processes.forEach((process) => process.kill('SIGKILL')))
    await Promise.all(processes.map((process) => once(process, 'message')))
    // Skips the window in which the last process began and the next one, as warm-up.
    const cold = emulator.requests.windows().length + 1
    while (emulator.requests.windows().length <= cold + 5) await delay(20)
    const warm = emulator.requests.windows().slice(cold, cold + 5)
    for (const process of processes) process.disconnect()
    assert.deepEqual(
      (await Promise.all(ends)).map(([code]: unknown[]) => code),
      [0, 0, 0],
    )

    assert.equal(emulator.requests.counters().rateLimited, 0)
    const mine = Math.floor(limit * (1 - reserve))
    assert.ok(
      warm.every(({ requests }) => requests <= mine),
      JSON.stringify(warm),
    )
    // A machine under load leaves some windows unfilled; a bug would leave most unfilled.
    const full = warm.filter(({ requests }) => requests >= 0.97 * mine)
    assert.ok(full.length >= 3, JSON.stringify(warm))
    const { rows } = await database.pool.query<{ held: string }>(
      `select coalesce(sum((value ->> 'held')::int), 0) as held from rate_budget, jsonb_each(ledger -> 'holders') where account = 'test/one'`,
    )
    assert.deepEqual(rows, [{ held: '0' }], 'whoever ended gave back what it had')
  })
}

test('of clients that have ended nothing is kept but what they used, however many there were', async (t) => {
  const database = await testDatabase(t)
  const reset = Math.floor(Date.now() / 1000) + 600
  let used = 0
  const server = await startHostileHttp(() => {
    used += 1
    return {
      status: 200,
      body: {},
      headers: {
        'x-ratelimit-limit': '1000',
        'x-ratelimit-remaining': String(1000 - used),
        'x-ratelimit-reset': String(reset),
      },
    }
  })
  t.after(() => server.close())
  await Promise.all(
    Array.from({ length: 20 }, async (_, at) => {
      const client = clientOf(t, server.baseUrl, accountBudget(database.pool, 'test/short', `p${at}`))
      await client.send(read)
      await client.close()
    }),
  )
  const { rows } = await database.pool.query<{
    ledger: { holders: object; answers: object; usedByGone: number }
    asks: number
  }>(
    `select ledger, (select count(*)::int from rate_ask where account = 'test/short') as asks from rate_budget where account = 'test/short'`,
  )
  assert.deepEqual(
    rows.map(({ ledger, asks }) => [ledger.holders, ledger.answers, ledger.usedByGone, asks]),
    [[{}, {}, 20, 0]],
  )
})

const ask = {
  windowMs: 10_000,
  reserve: 0,
  assumed: 100,
  want: 5,
  need: 5,
  active: 0,
  owed: 0,
  reported: { limit: 100, window: { reset: Date.now() + 9_000, left: 100, endsInMs: 9_000, used: 0 } },
}

test('a client that is alone asks and answers in one message, until another one comes', async (t) => {
  const { pool } = await testDatabase(t)
  let messages = 0
  pool.on('acquire', () => (messages += 1))
  const [one, two] = ['one', 'two'].map((holder) => accountBudget(pool, 'test/alone', holder))
  const leased = async (budget: WindowBudget | undefined, more: Partial<RateAskOf> = {}) => {
    messages = 0
    const grant = await budget?.lease({ ...ask, ...more })
    return [grant?.permits, messages]
  }
  assert.deepEqual(await leased(one), [5, 2])
  assert.deepEqual(await leased(one, { active: 5 }), [5, 1])
  assert.deepEqual(await leased(two), [5, 2])
  assert.deepEqual(await leased(one, { active: 10 }), [5, 2], 'its write is late, and its ask is saved')
  const { rows } = await pool.query<{ held: object }>(
    `select jsonb_object_agg(key, value -> 'held') as held from rate_budget, jsonb_each(ledger -> 'holders') where account = 'test/alone'`,
  )
  assert.deepEqual(rows, [{ held: { one: 15, two: 5 } }], 'no permit is lost or handed out twice')
  const ends = { want: 0, need: 0, leaves: true }
  assert.deepEqual(await leased(two, ends), [0, 2])
  assert.deepEqual(await leased(one, ends), [0, 2])
  assert.deepEqual(await leased(two), [5, 2])
  assert.deepEqual(await leased(two, { active: 0, ...ends }), [0, 1])
  const { rows: kept } = await pool.query<{ asks: number; holders: object }>(
    `select (select count(*)::int from rate_ask) as asks, ledger -> 'holders' as holders from rate_budget where account = 'test/alone'`,
  )
  assert.deepEqual(kept, [{ asks: 0, holders: {} }])
})

test('a client that was asleep since it read the budget does not answer itself', async (t) => {
  const { pool } = await testDatabase(t)
  const state = await replaceRateLedger(pool, 'test/asleep', 0, { holders: {} }, [])
  const budget = accountBudget(pool, 'test/asleep', 'one', { ...state, nowMs: state.nowMs - 60_000 })
  assert.equal((await budget.lease(ask)).permits, 5)
  const { rows } = await pool.query<{ age: number }>(
    `select extract(epoch from clock_timestamp())::float8 * 1000 - (ledger #>> '{holders,one,at}')::float8 as age from rate_budget where account = 'test/asleep'`,
  )
  assert.ok((rows[0]?.age ?? Infinity) < 30_000, 'its ask has the time of the database')
})

test('no window ends early in the ledger because an answer of the database was on its way for long', async (t) => {
  const { pool } = await testDatabase(t)
  const state = await replaceRateLedger(pool, 'test/way', 0, { holders: {} }, [])
  const onItsWay = 150
  const slow = { ...state, nowMs: state.nowMs - onItsWay, tookMs: state.tookMs + onItsWay }
  const budget = accountBudget(pool, 'test/way', 'one', slow)
  const { rows: before } = await pool.query<{ now: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
  )
  await budget.lease(ask)
  const { rows } = await pool.query<{ version: number; endsAt: number }>(
    `select version::int, (ledger ->> 'endsAt')::float8 as "endsAt" from rate_budget where account = 'test/way'`,
  )
  const earlyMs = (before[0]?.now ?? 0) + 9_000 - (rows[0]?.endsAt ?? 0)
  assert.ok(earlyMs <= 0, `${earlyMs} ms early`)
})

function clientOf(
  t: TestContext,
  baseUrl: string,
  budget: WindowBudget,
  more: { readonly deadline?: number } = {},
): HttpClient {
  const stop = new AbortController()
  const client = createHttpClient({
    policy: { baseUrl, auth: { bearer: 'token' }, concurrency: 10, limits: [windowLimit(1)] },
    secrets: [],
    signal: stop.signal,
    now: Date.now,
    random: Math.random,
    log: { debug() {}, info() {}, warn() {} },
    ...more,
  })
  client.useBudgets({ window: () => budget, slots: () => assert.fail('there is no other limit') })
  t.after(async () => {
    stop.abort()
    await client.close()
  })
  return client
}

test('a database that is slow is waited for, and one that fails is told of; neither lets a call through', async (t) => {
  const server = await startHostileHttp(() => ({ body: {} }))
  t.after(() => server.close())
  let open = (): void => undefined
  const gate = new Promise<void>((resolve) => (open = resolve))
  const database = await testDatabase(t)
  const budget = accountBudget(database.pool, 'test/slow', 'p1')
  const asked = Promise.withResolvers<void>()
  const slow = clientOf(t, server.baseUrl, {
    async lease(ask) {
      asked.resolve()
      await gate
      return await budget.lease(ask)
    },
  })
  const call = slow.send(read)
  await asked.promise
  assert.equal(server.requests.length, 0)
  open()
  assert.equal((await call).status, 200)

  const broken = clientOf(t, server.baseUrl, { lease: () => Promise.reject(new Error('connection refused')) })
  const fault = await faultOf(broken.send({ ...read, repeatable: false }))
  assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['transient', 'budget-unreachable', false])
  assert.match(
    fault.message,
    /the control database, which distributes its rate limit, does not answer \(connection refused\)/,
  )
  assert.equal(server.requests.length, 1)
})

test('a database that never answers is named when the time allowed is over, not the rate limit', async (t) => {
  const server = await startHostileHttp(() => ({ body: {} }))
  t.after(() => server.close())
  const silent = clientOf(
    t,
    server.baseUrl,
    { lease: () => new Promise(() => undefined) },
    { deadline: Date.now() + 1_200 },
  )
  const fault = await faultOf(silent.send(read))
  assert.equal(fault.code, 'budget-unreachable')
  assert.match(fault.message, /does not answer \(it has not answered for 1 s\)/)
  assert.equal(server.requests.length, 0)
})

test('one who comes later is told of the window by the others, and calls nothing that it has no room for', async (t) => {
  const database = await testDatabase(t)
  const reset = Math.floor(Date.now() / 1000) + 600
  let left = 20
  const server = await startHostileHttp(() => {
    left -= 1
    return {
      status: left < 0 ? 429 : 200,
      body: {},
      headers: {
        'x-ratelimit-limit': '20',
        'x-ratelimit-remaining': String(Math.max(0, left)),
        'x-ratelimit-reset': String(reset),
      },
    }
  })
  t.after(() => server.close())
  const first = clientOf(t, server.baseUrl, accountBudget(database.pool, 'test/late', 'p1'))
  await Promise.all(Array.from({ length: 20 }, () => first.send(read)))
  const asked = Promise.withResolvers<unknown>()
  const budget = accountBudget(database.pool, 'test/late', 'p2')
  const second = clientOf(t, server.baseUrl, {
    async lease(ask) {
      const grant = await budget.lease(ask)
      asked.resolve(grant)
      return grant
    },
  })
  const waiting = faultOf(second.send(read))
  t.after(() => waiting)
  assert.equal(((await asked.promise) as { permits: number }).permits, 0)
  assert.deepEqual(second.limits, [])
  assert.equal(server.requests.length, 20)
})
