import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { HttpPolicy } from '../connect/http-policy.ts'
import type { HttpRequest } from '../connect/io.ts'
import { readRateHeaders } from '../connect/rate-headers.ts'
import type { RateLimit, ReplyVerdict } from '../connect/rate-limit.ts'
import { faultOf, startHostileHttp, type HostileReply, type HostileRequest } from '../testing/failures/hostile-http.ts'
import { createHttpClient } from './http-client.ts'
import type { HttpClient } from './http-client-contract.ts'

const write: HttpRequest = { method: 'POST', path: '/things', body: { a: 1 }, effect: 'write', repeatable: true }
const writeOnce: HttpRequest = { ...write, repeatable: false }
const search: HttpRequest = { method: 'POST', path: '/search', body: {}, effect: 'read', repeatable: true }
const ok: HostileReply = { body: {} }

/** Limits as HubSpot has them: a rolling window and a day that replies report, and searches that they do not. */
const burst: RateLimit = {
  name: 'requests in 0.4 s',
  kind: 'rolling window',
  scope: 'token',
  requests: 20,
  perMs: 400,
  read: readRateHeaders({ limit: 'x-max', remaining: 'x-remaining' }),
}
const searches: RateLimit = {
  name: 'searches',
  kind: 'rolling window',
  scope: 'account',
  requests: 2,
  perMs: 400,
  applies: ({ path }) => path === '/search',
}
const day: RateLimit = {
  name: 'requests a day',
  kind: 'quota',
  scope: 'account',
  requests: 1_000,
  perMs: 86_400_000,
  reserve: 0.05,
  read: readRateHeaders({ limit: 'x-daily', remaining: 'x-daily-remaining' }),
  resetsAt: (now) => Math.ceil((now + 1) / 86_400_000) * 86_400_000,
}

async function rig(
  t: TestContext,
  rule: (request: HostileRequest) => HostileReply,
  policy: Partial<HttpPolicy>,
): Promise<{ readonly client: HttpClient; readonly server: Awaited<ReturnType<typeof startHostileHttp>> }> {
  const server = await startHostileHttp(rule)
  const stop = new AbortController()
  const client = createHttpClient({
    policy: { baseUrl: server.baseUrl, auth: { bearer: 'token' }, concurrency: 10, limits: [burst], ...policy },
    secrets: [],
    signal: stop.signal,
    backoff: { baseMs: 2, capMs: 20 },
    now: Date.now,
    random: Math.random,
    log: { debug() {}, info() {}, warn() {} },
  })
  t.after(async () => {
    stop.abort()
    await client.close()
    await server.close()
  })
  return { client, server }
}

/** The vendor's words in the body say what an answer means. */
const byCode =
  (verdicts: Readonly<Record<string, ReplyVerdict>>): NonNullable<HttpPolicy['verdict']> =>
  ({ body }) => {
    const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined
    return typeof code === 'string' ? verdicts[code] : undefined
  }

function mostWithin(times: readonly number[], perMs: number): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + perMs).length))
}

test('a rolling window is never exceeded at the server, nor are searches, which do not hold up other calls', async (t) => {
  const arrived = { all: [] as number[], search: [] as number[] }
  const { client } = await rig(
    t,
    ({ path }) => {
      arrived.all.push(performance.now())
      if (path === '/search') arrived.search.push(performance.now())
      return ok
    },
    { limits: [burst, searches] },
  )
  const began = performance.now()
  const found = Promise.all(Array.from({ length: 6 }, () => client.send(search)))
  await Promise.all(Array.from({ length: 60 }, () => client.send(write)))
  const wroteMs = performance.now() - began
  await found
  assert.ok(mostWithin(arrived.all, 400) <= 20, `${mostWithin(arrived.all, 400)}`)
  assert.ok(mostWithin(arrived.search, 400) <= 2, `${mostWithin(arrived.search, 400)}`)
  assert.equal(arrived.all.length, 66)
  assert.ok(wroteMs >= 800, `${wroteMs}`)
})

test('limited: another status than 429 is sent again, even where repeating is not safe, after the time that it names', async (t) => {
  const { client, server } = await rig(
    t,
    ({ index }) => (index === 0 ? { status: 403, body: { code: 'REQUEST_LIMIT_EXCEEDED' } } : ok),
    { verdict: byCode({ REQUEST_LIMIT_EXCEEDED: { is: 'limited', limit: burst.name, afterMs: 150 } }) },
  )
  const began = performance.now()
  assert.equal((await client.send(writeOnce)).status, 200)
  assert.ok(performance.now() - began >= 150)
  assert.equal(server.requests.length, 2)
  assert.deepEqual(client.counts, { read: 0, write: 2, retried: 1, limited: 1 })
})

test('limited: only calls of the limit that it names wait', async (t) => {
  const { client } = await rig(
    t,
    ({ path, index }) => (path === '/search' && index === 0 ? { status: 429, body: { code: 'SECONDLY' } } : ok),
    {
      limits: [burst, searches],
      verdict: byCode({ SECONDLY: { is: 'limited', limit: searches.name, afterMs: 60_000 } }),
    },
  )
  const searching = faultOf(client.send(search))
  while (client.counts.limited === 0) await client.send(write)
  const replies = await Promise.all(Array.from({ length: 5 }, () => client.send(write)))
  assert.ok(replies.every(({ status }) => status === 200))
  assert.equal(client.pending, 1, 'the search still waits')
  t.after(() => searching)
})

test('exhausted: no further call of the limit starts, and each names the limit and when it returns', async (t) => {
  const { client, server } = await rig(
    t,
    ({ index }) => (index === 0 ? ok : { status: 429, body: { code: 'DAILY' } }),
    { limits: [burst, day], concurrency: 1, verdict: byCode({ DAILY: { is: 'exhausted', limit: day.name } }) },
  )
  assert.equal((await client.send(write)).status, 200)
  const faults = await Promise.all(Array.from({ length: 5 }, () => faultOf(client.send(writeOnce))))
  assert.equal(server.requests.length, 2)
  const returnsAt = day.resetsAt?.(Date.now()) ?? 0
  for (const fault of faults) {
    assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['transient', 'limit-exhausted', false])
    assert.equal(fault.returnsAt, returnsAt)
    assert.match(fault.message, /its limit "requests a day" is used up and returns at \d{4}-\d\d-\d\dT00:00:00/)
  }
  assert.deepEqual(client.exhausted, { limit: day.name, until: returnsAt })
})

test('exhausted: a limit that returns within a minute is waited for', async (t) => {
  const { client, server } = await rig(
    t,
    ({ index }) => (index === 0 ? { status: 429, body: { code: 'DAILY' } } : ok),
    { limits: [day], verdict: byCode({ DAILY: { is: 'exhausted', limit: day.name, afterMs: 120 } }) },
  )
  assert.equal((await client.send(writeOnce)).status, 200)
  assert.equal(server.requests.length, 2)
  assert.equal(client.exhausted, undefined)
})

test('a quota ends where its reserve begins, by what replies report of other apps', async (t) => {
  let left = 60
  const { client, server } = await rig(
    t,
    () => {
      left -= 1
      return { ...ok, headers: { 'x-daily': '1000', 'x-daily-remaining': String(left) } }
    },
    { limits: [day], concurrency: 1 },
  )
  const calls = await Promise.allSettled(Array.from({ length: 40 }, () => client.send(write)))
  assert.equal(calls.filter(({ status }) => status === 'fulfilled').length, 10)
  assert.equal(server.requests.length, 10)
  assert.equal(left, 50, '5 % of 1,000 are left to other apps')
  const [use] = client.limits
  assert.deepEqual([use?.name, use?.limit, use?.remaining], [day.name, 1_000, 50])
})

test('busy: sent again even where repeating is not safe, with half as many calls at once', async (t) => {
  const answerMs = 40
  const arrivals: number[] = []
  let busyAt = 0
  const wide: RateLimit = { ...burst, requests: 100_000, perMs: 1_000 }
  const { client, server } = await rig(
    t,
    () => {
      arrivals.push(performance.now())
      if (arrivals.length !== 16) return { ...ok, delayMs: answerMs }
      busyAt = performance.now()
      return { status: 403, body: { code: 'CONCURRENT' } }
    },
    { limits: [wide], concurrency: 16, verdict: byCode({ CONCURRENT: { is: 'busy' } }) },
  )
  await Promise.all(Array.from({ length: 60 }, () => client.send(writeOnce)))
  assert.deepEqual([server.requests.length, client.counts.limited, server.peak], [61, 1, 16])
  const after = arrivals.filter((at) => at > busyAt)
  const round = after.filter((at) => at < (after[0] ?? 0) + answerMs)
  assert.ok(round.length <= 9, `${round.length} calls while the first of them was not answered yet`)
})

test('retry: repeated where that is safe, else it may have been applied', async (t) => {
  const { client, server } = await rig(
    t,
    ({ index }) => (index === 0 ? { status: 423, body: { code: 'LOCKED' } } : ok),
    {
      verdict: byCode({ LOCKED: { is: 'retry' } }),
    },
  )
  assert.equal((await client.send(write)).status, 200)
  assert.equal(server.requests.length, 2)
  const always = await rig(t, () => ({ status: 423, body: { code: 'LOCKED' } }), {
    verdict: byCode({ LOCKED: { is: 'retry' } }),
  })
  const fault = await faultOf(always.client.send(writeOnce))
  assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['transient', 'target-busy', true])
  assert.equal(always.server.requests.length, 1)
})

test('token-expired: like 401, and never asked about an answer that is 2xx', async (t) => {
  const { client } = await rig(
    t,
    ({ index }) => (index === 0 ? { body: { code: 'EXPIRED' } } : { status: 403, body: { code: 'EXPIRED' } }),
    {
      verdict: byCode({ EXPIRED: { is: 'token-expired' } }),
    },
  )
  assert.equal((await client.send(write)).status, 200)
  const fault = await faultOf(client.send(write))
  assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['auth', 'unauthorized', false])
})

test('without any limit a 429 is a busy Target: fewer calls at once, and each is answered', async (t) => {
  const { client, server } = await rig(t, ({ index }) => (index < 5 ? { status: 429 } : ok), { limits: [] })
  const replies = await Promise.all(Array.from({ length: 30 }, () => client.send(writeOnce)))
  assert.ok(replies.every(({ status }) => status === 200))
  assert.equal(server.requests.length, 35)
})
