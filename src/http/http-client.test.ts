import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { HttpPolicy } from '../connect/http-policy.ts'
import type { HttpRequest } from '../connect/io.ts'
import {
  faultOf,
  htmlPage,
  startHostileHttp,
  type HostileHttp,
  type HostileReply,
  type HostileRequest,
} from '../testing/failures/hostile-http.ts'
import { windowLimit } from '../testing/simulated/window-limit.ts'
import { createHttpClient } from './http-client.ts'
import type { HttpClient, HttpClientOptions } from './http-client-contract.ts'

const canary = 'canary-token-5f3a'
const write: HttpRequest = { method: 'POST', path: '/things', body: { a: 1 }, effect: 'write', repeatable: true }
const writeOnce: HttpRequest = { ...write, repeatable: false }
const read: HttpRequest = { method: 'GET', path: '/things', effect: 'read', repeatable: true }
const ok: HostileReply = { body: { done: true } }

interface Rig {
  readonly client: HttpClient
  readonly lines: string[]
  readonly abort: () => void
}

function rig(
  t: TestContext,
  baseUrl: string,
  options: Partial<HttpClientOptions> = {},
  policy: Partial<HttpPolicy> = {},
): Rig {
  const stop = new AbortController()
  const lines: string[] = []
  const note = (message: string, fields?: object): void => void lines.push(`${message} ${JSON.stringify(fields)}`)
  const client = createHttpClient({
    policy: {
      baseUrl,
      auth: { bearer: canary },
      concurrency: 10,
      requestIdHeader: 'X-Request-Id',
      limits: [windowLimit(100_000)],
      ...policy,
    },
    secrets: ['other-secret'],
    signal: stop.signal,
    backoff: { baseMs: 2, capMs: 20 },
    firstContactMs: 200,
    now: Date.now,
    random: Math.random,
    log: { debug: note, info: note, warn: note },
    ...options,
  })
  t.after(async () => {
    stop.abort()
    await client.close()
  })
  return { client, lines, abort: () => stop.abort() }
}

async function hostile(
  t: TestContext,
  rule: (request: HostileRequest) => HostileReply,
  port?: number,
): Promise<HostileHttp> {
  const server = await startHostileHttp(rule, port)
  t.after(() => server.close())
  return server
}

test('a request goes out as the policy says, and a final answer comes back whole', async (t) => {
  const replies: Record<string, HostileReply> = {
    '/v1/a%20b?q=x%26y': { status: 201, headers: { 'X-Request-Id': 'r1' }, body: { id: '1' } },
    '/v1/empty': { status: 204 },
    '/v1/none': { status: 404, body: { request_id: 'r2', errors: [{ code: 'not_found' }] } },
    '/v1/forbidden': { status: 403, body: { errors: [] } },
  }
  const server = await hostile(t, ({ path }) => replies[path] ?? { status: 500 })
  const { client } = rig(t, `${server.baseUrl}/v1/`, {}, { headers: { 'Api-Version': '2.16' } })

  const created = await client.send({
    method: 'PUT',
    path: '/a%20b',
    query: { q: 'x&y' },
    body: { n: 'é' },
    effect: 'write',
    repeatable: true,
  })
  assert.deepEqual(
    [created.status, created.body, created.requestId, created.headers['x-request-id']],
    [201, { id: '1' }, 'r1', 'r1'],
  )
  const [first] = server.requests
  assert.equal(first?.method, 'PUT')
  assert.equal(first?.text, '{"n":"é"}')
  assert.equal(first?.headers.authorization, `Bearer ${canary}`)
  assert.equal(first?.headers['api-version'], '2.16')
  assert.equal(first?.headers['content-type'], 'application/json')

  assert.deepEqual([(await client.send({ ...read, path: '/empty' })).body], [undefined])
  assert.equal(server.requests[1]?.headers['content-type'], undefined)
  const none = await client.send({ ...read, path: '/none' })
  assert.deepEqual([none.status, none.requestId], [404, 'r2'])
  assert.equal((await client.send({ ...read, path: '/forbidden' })).status, 403)
  assert.deepEqual(client.counts, { read: 3, write: 1, retried: 0, limited: 0 })
})

for (const [moment, asked] of [
  ['it starts', 1],
  ['its bytes are handed to the system', 2],
] as const) {
  test(`a request that may not leave as ${moment} is kept whole, and leaves once when it may`, async (t) => {
    for (const request of [writeOnce, read]) {
      const server = await hostile(t, () => ok)
      let asks = 0
      const { client } = rig(t, server.baseUrl, {
        lock: { isSure: () => (asks += 1) !== asked, whenUnsure: () => () => undefined },
      })
      assert.deepEqual((await client.send(request)).body, { done: true })
      assert.equal(server.requests.length, 1)
      assert.ok(asks > asked)
      assert.deepEqual(client.counts, { read: 0, write: 0, [request.effect]: 1, retried: 1, limited: 0 })
    }
  })
}

/** A failure of one attempt, and the code of its Fault. */
const troubles: readonly (readonly [string, HostileReply, string])[] = [
  ['500 with JSON', { status: 500, body: { errors: [{ code: 'server_error', message: 'Oops' }] } }, 'server-error'],
  ['502 with HTML', { status: 502, text: htmlPage }, 'server-error'],
  ['408', { status: 408, body: {} }, 'timeout'],
  ['404 with HTML', { status: 404, text: htmlPage }, 'not-json'],
  ['200 with HTML', { status: 200, text: htmlPage }, 'not-json'],
  ['a reset before the work', { act: 'reset-before' }, 'connection-reset'],
  ['a reset after the work', { act: 'reset-after' }, 'connection-reset'],
  ['a body cut short', { act: 'cut', body: { long: 'enough to be cut' } }, 'connection-reset'],
  ['no answer', { act: 'hang' }, 'timeout'],
  ['an answer without end', { act: 'trickle' }, 'timeout'],
]

for (const [name, trouble, code] of troubles) {
  test(`${name}: repeated until it heals where that is safe, else told apart`, async (t) => {
    const server = await hostile(t, ({ index }) => (index < 2 ? trouble : ok))
    const { client } = rig(t, server.baseUrl)
    assert.deepEqual((await client.send({ ...write, timeoutMs: 300 })).body, { done: true })
    assert.deepEqual(client.counts, { read: 0, write: 3, retried: 2, limited: 0 })

    const always = await hostile(t, () => trouble)
    const once = rig(t, always.baseUrl).client
    const fault = await faultOf(once.send({ ...writeOnce, timeoutMs: 300 }))
    assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['transient', code, true])
    assert.equal(always.requests.length, 1)
    assert.equal((await faultOf(once.send({ ...read, repeatable: false, timeoutMs: 300 }))).mayHaveApplied, false)
  })
}

test('what may have been applied once stays so, whatever the last attempt met', async (t) => {
  const server = await hostile(t, ({ index }) => (index === 0 ? { act: 'reset-after' } : { status: 401, body: {} }))
  const fault = await faultOf(rig(t, server.baseUrl).client.send(write))
  assert.deepEqual([fault.kind, fault.mayHaveApplied], ['auth', true])

  const dying = await startHostileHttp(() => {
    void dying.close()
    return { act: 'reset-after' }
  })
  const last = await faultOf(rig(t, dying.baseUrl, { patienceMs: 50 }).client.send(write))
  assert.deepEqual([last.kind, last.code, last.mayHaveApplied], ['transient', 'unreachable', true])
})

test('trouble is retried no longer than patience allows, and its words are kept', async (t) => {
  const server = await hostile(t, () => ({
    status: 503,
    body: { errors: [{ code: 'service_unavailable', message: 'Back soon' }] },
  }))
  const { client } = rig(t, server.baseUrl, { patienceMs: 60 })
  const fault = await faultOf(client.send(write))
  assert.equal(fault.code, 'server-error')
  assert.match(
    fault.message,
    /^POST \/things: 127\.0\.0\.1:\d+ answered 503: "Back soon" \(service_unavailable\) \(tried \d+ times\)$/,
  )
  assert.ok(server.requests.length > 2)
})

test('past the deadline nothing is waited for, and the last trouble is what is told', async (t) => {
  const server = await hostile(t, ({ path }) =>
    path === '/limited' ? { status: 429, headers: { 'retry-after': '3600' }, body: {} } : { status: 500 },
  )
  const failing = rig(t, server.baseUrl, { deadline: Date.now() + 1_000 }).client
  assert.equal((await faultOf(failing.send(write))).code, 'server-error')
  const { client } = rig(t, server.baseUrl, { deadline: Date.now() + 1_000 })
  const [fault, waiting] = await Promise.all([
    faultOf(client.send({ ...write, path: '/limited' })),
    faultOf(client.send(write)),
  ])
  assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['transient', 'rate-limited', false])
  assert.match(fault.message, /answered 429/)
  assert.deepEqual([waiting.kind, waiting.code, waiting.mayHaveApplied], ['transient', 'rate-limited', false])
})

test('a 429 is repeated even where repeating is not safe, and every call gets its answer once', async (t) => {
  const healthy = {
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': '900',
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 10),
  }
  const server = await hostile(t, ({ index }) =>
    index >= 60 && index < 75
      ? { status: 429, headers: healthy, body: { errors: [{ code: 'too_many_requests' }] } }
      : { ...ok, headers: healthy },
  )
  const { client } = rig(t, server.baseUrl)
  const replies = await Promise.all(Array.from({ length: 200 }, () => client.send(writeOnce)))
  assert.ok(replies.every((reply) => reply.status === 200))
  assert.deepEqual(client.counts, { read: 0, write: 215, retried: 15, limited: 15 })
  assert.equal(server.requests.length, 215)
})

test('real windows are never overrun', async (t) => {
  const used = new Map<number, number>()
  let rejected = 0
  const server = await hostile(t, () => {
    const reset = Math.floor(Date.now() / 1000) + 1
    const count = (used.get(reset) ?? 0) + 1
    const over = count > 40
    if (over) rejected += 1
    else used.set(reset, count)
    const headers = {
      'x-ratelimit-limit': '40',
      'x-ratelimit-remaining': String(Math.max(0, 40 - count)),
      'x-ratelimit-reset': String(reset),
    }
    return over ? { status: 429, headers, body: {} } : { ...ok, headers }
  })
  const { client } = rig(t, server.baseUrl, {}, { limits: [windowLimit(40, 1_000)] })
  await Promise.all(Array.from({ length: 120 }, () => client.send(write)))
  assert.equal(rejected, 0)
  assert.equal(client.limits[0]?.limit, 40)
})

test('1,000 calls go through no more connections than allowed, and closing leaves none', async (t) => {
  const server = await hostile(t, ({ text }) => ({ body: JSON.parse(text) as unknown, delayMs: 1 }))
  const { client } = rig(t, server.baseUrl, {}, { concurrency: 50 })
  const calls = Array.from({ length: 1_000 }, (_, n) => client.send({ ...write, body: { n } }))
  assert.equal(client.pending, 1_000)
  let hasCapacity = false
  const fed = client.hasCapacity().then(() => (hasCapacity = true))
  await calls[0]
  assert.equal(hasCapacity, false)
  await fed
  assert.ok(client.pending < 100 && client.pending > 0, `${client.pending}`)
  const closed = client.close()
  assert.equal((await faultOf(client.send(write))).code, 'client-closed')
  const replies = await Promise.all(calls)
  assert.deepEqual(
    replies.map((reply) => reply.body),
    Array.from({ length: 1_000 }, (_, n) => ({ n })),
  )
  assert.ok(server.peak <= 50, `${server.peak}`)
  await closed
  await server.idle()
  assert.equal(client.pending, 0)
})

test('an abort ends everything at once: in flight, queued, and waiting for another attempt', async (t) => {
  const server = await hostile(t, ({ path }) =>
    path === '/first' ? ok : path === '/later' ? { status: 500 } : { act: 'hang' },
  )
  const { client, abort } = rig(
    t,
    server.baseUrl,
    { backoff: { baseMs: 60_000, capMs: 60_000 }, patienceMs: 1e6 },
    { concurrency: 3 },
  )
  await client.send({ ...write, path: '/first' })
  const waiting = faultOf(client.send({ ...read, path: '/later' }))
  await server.arrived(2)
  const calls = Array.from({ length: 8 }, () => faultOf(client.send(write)))
  await server.arrived(5)
  abort()
  const faults = await Promise.all(calls)
  assert.ok(faults.every((fault) => fault.kind === 'cancelled'))
  assert.deepEqual(
    faults.map((fault) => fault.mayHaveApplied),
    [true, true, true, false, false, false, false, false],
  )
  assert.equal((await waiting).kind, 'cancelled')
  assert.equal((await faultOf(client.send(write))).kind, 'cancelled')
  assert.deepEqual(client.counts, { read: 1, write: 4, retried: 0, limited: 0 })
  assert.equal(client.pending, 0)
  await server.idle()
  await client.close()
})

test('a refused connection has applied nothing: even an unrepeatable write waits for the server to come', async (t) => {
  const gone = await startHostileHttp(() => ok)
  await gone.close()
  const { client } = rig(t, gone.baseUrl, { firstContactMs: 10_000 })
  const call = client.send(writeOnce)
  await hostile(t, () => ok, gone.port)
  assert.equal((await call).status, 200)

  const never = rig(t, 'http://127.0.0.1:1', { firstContactMs: 30 }).client
  const faults = await Promise.all([faultOf(never.send(writeOnce)), faultOf(never.send(read))])
  for (const fault of faults) {
    assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['transient', 'unreachable', false])
    assert.match(fault.message, /127\.0\.0\.1:1 refuses connections/)
  }
})

test('a bad token and a redirect are for people to mend, and are not repeated', async (t) => {
  const server = await hostile(t, ({ path }) =>
    path === '/moved'
      ? { status: 301, headers: { location: `https://eu.example.com/things?token=${canary}` } }
      : {
          status: 401,
          headers: { 'x-request-id': 'r9' },
          body: { errors: [{ code: 'unauthorized', message: `Access Token Invalid: ${canary}` }] },
        },
  )
  const { client } = rig(t, server.baseUrl)
  const unauthorized = await faultOf(client.send(read))
  assert.deepEqual([unauthorized.kind, unauthorized.code, unauthorized.requestId], ['auth', 'unauthorized', 'r9'])
  assert.match(unauthorized.message, /answered 401: "Access Token Invalid: \[redacted\]" \(unauthorized\)/)
  const moved = await faultOf(client.send({ ...read, path: '/moved' }))
  assert.deepEqual([moved.kind, moved.code], ['config', 'unexpected-redirect'])
  assert.match(moved.message, /a redirect to https:\/\/eu\.example\.com\/things$/)
  assert.equal(server.requests.length, 2)
})

test('a base URL or token that cannot work is told at once', (t) => {
  assert.throws(() => rig(t, 'api.example.com'), { kind: 'config', code: 'bad-base-url' })
  assert.throws(() => rig(t, 'http://127.0.0.1:1', {}, { auth: { bearer: 'two\nlines' } }), {
    kind: 'auth',
    code: 'malformed-token',
  })
})

test('secrets reach no message, advice or log line, however the vendor echoes them', async (t) => {
  const echo = `${canary} other-secret ${encodeURIComponent(canary)} ${Buffer.from(canary).toString('base64')}`
  const envelope = { request_id: canary, errors: [{ code: canary, message: echo }] }
  const replies: readonly HostileReply[] = [
    ...[400, 401, 403, 404, 500, 503].map((status) => ({ status, body: envelope })),
    { status: 302, headers: { location: `https://x.example/${canary}` } },
    { status: 500, text: echo },
    { status: 200, text: echo },
    { status: 429, body: envelope, headers: { 'retry-after': '9' } },
    ...troubles.map(([, reply]) => reply),
  ]
  const server = await hostile(t, ({ index }) => replies[index] ?? ok)
  const captured: string[] = []
  for (const _ of replies) {
    const { client, lines } = rig(t, server.baseUrl, { patienceMs: 0, deadline: Date.now() + 300 })
    const call = client.send({ ...writeOnce, path: `/things/${canary}`, timeoutMs: 500 })
    const fault = await call.then(
      () => undefined,
      () => faultOf(call),
    )
    captured.push(
      ...lines,
      fault === undefined
        ? ''
        : `${fault.stack} ${fault.advice} ${fault.requestId} ${JSON.stringify(fault)} ${String(fault.cause)}`,
    )
  }
  assert.equal(server.requests.length, replies.length)
  assert.ok(captured.length >= replies.length * 2)
  for (const text of captured) {
    assert.doesNotMatch(text, /canary-token|other-secret/)
    assert.ok(!text.includes(Buffer.from(canary).toString('base64')))
    assert.doesNotMatch(text, /Bearer/i)
  }
})
