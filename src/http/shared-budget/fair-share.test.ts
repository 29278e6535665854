import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { HttpRequest } from '../../connect/io.ts'
import type { RateLimit } from '../../connect/rate-limit.ts'
import { Fault } from '../../model/fault.ts'
import { startHostileHttp } from '../../testing/failures/hostile-http.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { windowLimit } from '../../testing/simulated/window-limit.ts'
import { createHttpClient } from '../http-client.ts'
import { limitBudgets } from './limit-budgets.ts'

const wide = { name: 'wide', concurrency: 20 }
const narrow = { name: 'narrow', concurrency: 4 }
/** By the calls that they make at once, the narrow worker would get a sixth. On a machine under load it varies. */
const leastShare = 0.05

/**
 * Two workers make as many calls as one limit lets them, until this many were answered or the limit is used up. The second
 * one begins when the first one has filled the limit. Returns the answered calls of each since then.
 */
async function share(t: TestContext, limit: RateLimit, calls: number): Promise<ReadonlyMap<string, number>> {
  const database = await testDatabase(t)
  const answered = new Map<string, number>()
  const stop = new AbortController()
  const windowOf = (): number => Math.floor(Date.now() / limit.perMs)
  let [window, used] = [windowOf(), 0]
  const server = await startHostileHttp(({ path }) => {
    if (window !== windowOf()) [window, used] = [windowOf(), 0]
    used += 1
    const left = limit.requests - used
    const headers = {
      'x-ratelimit-limit': String(limit.requests),
      'x-ratelimit-remaining': String(Math.max(0, left)),
      'x-ratelimit-reset': String(((window + 1) * limit.perMs) / 1000),
    }
    if (left < 0 && limit.kind === 'fixed window') return { status: 429, headers, body: {} }
    answered.set(path, (answered.get(path) ?? 0) + 1)
    if ([...answered.values()].reduce((sum, count) => sum + count) >= calls) stop.abort()
    return { headers, body: {} }
  })
  const work = async ({ name, concurrency }: typeof wide): Promise<void> => {
    const client = createHttpClient({
      policy: { baseUrl: server.baseUrl, auth: { bearer: 'none' }, concurrency, limits: [limit] },
      secrets: [],
      signal: new AbortController().signal,
      now: Date.now,
      random: Math.random,
      log: { debug() {}, info() {}, warn() {} },
    })
    client.useBudgets(limitBudgets(database.pool, () => `test/${t.name}`, name))
    const request: HttpRequest = { method: 'GET', path: `/${name}`, effect: 'read', repeatable: true }
    const call = async (): Promise<void> => {
      while (!stop.signal.aborted)
        await client.send(request).catch((error: unknown) => {
          if (!Fault.is(error) || error.code !== 'limit-exhausted') throw error
          stop.abort()
        })
    }
    await Promise.all(Array.from({ length: 2 * concurrency }, call))
    assert.equal(client.counts.limited, 0)
    await client.close()
  }
  const first = work(wide)
  await server.arrived(Math.min(limit.requests, calls) / 2)
  answered.clear()
  await Promise.all([first, work(narrow)])
  await server.close()
  return answered
}

for (const [kind, limit] of [
  ['a fixed window', windowLimit(60, 1_000)],
  [
    'a rolling window',
    { name: 'requests in 1 s', kind: 'rolling window', scope: 'account', requests: 60, perMs: 1_000 },
  ],
] satisfies [string, RateLimit][])
  test(`${kind} is shared: neither a wide worker that was first nor a narrow one starves`, async (t) => {
    const answered = await share(t, limit, 360)
    const [first = 0, second = 0] = ['/wide', '/narrow'].map((path) => answered.get(path) ?? 0)
    const least = leastShare * (first + second)
    assert.ok(second >= least && first >= least, `${first} and ${second}`)
  })

test('a quota is used up to the last call by two workers, and both have a part of it', async (t) => {
  const limit: RateLimit = { name: 'requests a day', kind: 'quota', scope: 'account', requests: 600, perMs: 86_400_000 }
  const answered = await share(t, limit, 10_000)
  const [first = 0, second = 0] = ['/wide', '/narrow'].map((path) => answered.get(path) ?? 0)
  assert.ok(first >= 20 && second >= 20, `${first} and ${second}`)
})
