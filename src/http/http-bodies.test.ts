import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { HttpPolicy } from '../connect/http-policy.ts'
import type { HttpRequest } from '../connect/io.ts'
import { Fault } from '../model/fault.ts'
import { faultOf } from '../testing/failures/hostile-http.ts'
import { oauthPolicy, startOAuthTarget } from './auth/oauth-target.fixture.ts'
import type { CapturedCall } from './captured-call.ts'
import { createHttpClient } from './http-client.ts'
import type { HttpClient, HttpClientOptions } from './http-client-contract.ts'

const csv: HttpRequest = { method: 'GET', path: '/results', effect: 'read', repeatable: true, accept: 'stream' }
const textual = 'text/csv, text/plain;q=0.9, */*;q=0.8'
const mebibyte = 1024 * 1024

interface Rig {
  readonly client: HttpClient
  readonly abort: () => void
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

async function rig(
  t: TestContext,
  handler: Handler,
  options: Partial<HttpClientOptions> = {},
  auth: HttpPolicy['auth'] = { bearer: 'canary-token' },
): Promise<Rig> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const controller = new AbortController()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createHttpClient({
    policy: { ...oauthPolicy(url), auth },
    secrets: [],
    signal: controller.signal,
    backoff: { baseMs: 2, capMs: 20 },
    firstContactMs: 200,
    now: Date.now,
    random: Math.random,
    log: { debug() {}, info() {}, warn() {} },
    ...options,
  })
  t.after(async () => {
    controller.abort()
    await client.close()
    server.closeAllConnections()
    server.close()
  })
  return { client, abort: () => controller.abort() }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function upload(body: string | (() => AsyncIterable<string>), changes: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'PUT',
    path: '/job',
    effect: 'write',
    repeatable: false,
    text: { type: 'text/csv', body },
    ...changes,
  }
}

async function* lines(count: number): AsyncIterable<string> {
  for (let at = 0; at < count; at += 1) yield `line ${at}, é\n`
}

test('a text is sent as it is, with its type, and the answer may be text', async (t) => {
  const { client } = await rig(t, (request, response) => {
    void textOf(request).then((text) => {
      const { 'content-type': type, accept } = request.headers
      response.writeHead(200, { 'content-type': 'text/plain' }).end(`${type} ${accept} ${text}`)
    })
  })
  const seen: CapturedCall[] = []
  const form = {
    ...upload('a=1&b=é', { accept: 'text' }),
    text: { type: 'application/x-www-form-urlencoded', body: 'a=1&b=é' },
  }
  assert.equal((await client.send(form, seen)).body, `application/x-www-form-urlencoded ${textual} a=1&b=é`)
  assert.equal(
    (
      await client.send(
        upload(() => lines(2), { accept: 'text' }),
        seen,
      )
    ).body,
    `text/csv ${textual} line 0, é\nline 1, é\n`,
  )
  assert.deepEqual(
    seen.map(({ body }) => body),
    ['a=1&b=é', 'line 0, é\nline 1, é\n'],
  )
})

test('an answer that is not JSON is trouble only where JSON was asked for', async (t) => {
  const answers: Record<string, [number, string]> = {
    '/ok': [200, 'Id,Name\n'],
    '/bad': [400, 'no such job'],
    '/json': [400, '{"a":1}'],
    '/empty': [204, ''],
  }
  const { client } = await rig(
    t,
    ({ url = '' }, response) => {
      const [status = 500, text = ''] = answers[url] ?? []
      response.writeHead(status).end(text)
    },
    { patienceMs: 0 },
  )
  const get = (path: string, accept: NonNullable<HttpRequest['accept']>) => client.send({ ...csv, path, accept })
  assert.equal((await faultOf(get('/ok', 'json'))).code, 'not-json')
  assert.equal((await faultOf(get('/bad', 'json'))).code, 'not-json')
  for (const accept of ['text', 'stream'] as const) {
    assert.deepEqual([(await get('/bad', accept)).body, (await get('/json', accept)).body], ['no such job', { a: 1 }])
  }
  assert.deepEqual([(await get('/ok', 'text')).body, (await get('/empty', 'text')).body], ['Id,Name\n', undefined])
})

test('a streamed body is produced only as fast as the server reads, and only once per attempt', async (t) => {
  const part = 'x'.repeat(64 * 1024)
  let produced = 0
  async function* large(): AsyncIterable<string> {
    for (let at = 0; at < 1024; at += 1) {
      produced += 1
      yield part
    }
  }
  const stalled = Promise.withResolvers<IncomingMessage>()
  const { client } = await rig(t, (request, response) => {
    stalled.resolve(request)
    request.once('end', () => response.writeHead(200).end('{}'))
  })
  const sent = client.send(upload(large))
  const request = await stalled.promise
  let before = -1
  while (produced !== before) {
    before = produced
    await delay(50)
  }
  assert.ok(produced > 0 && produced < 512, `${produced} of 1024 parts were produced without a reader`)
  request.resume()
  await sent
  assert.equal(produced, 1024)
})

test('a streamed body is produced again after a 401, and after a lost answer if the request is repeatable', async (t) => {
  const target = await startOAuthTarget(t)
  const bodies: string[] = []
  let cuts = 0
  const { client } = await rig(
    t,
    (request, response) => {
      if (!target.tokens.accepts(request.headers.authorization)) return void response.writeHead(401).end('{}')
      void textOf(request).then((text) => {
        bodies.push(text)
        if (cuts > 0) response.socket?.resetAndDestroy()
        else response.writeHead(201).end('{}')
        cuts -= 1
      })
    },
    {},
    oauthPolicy(target.url).auth,
  )
  await client.send(upload(() => lines(1)))
  target.tokens.expireAll()
  await client.send(upload(() => lines(20_000)))
  cuts = 1
  await client.send(upload(() => lines(3), { repeatable: true }))
  cuts = 1
  const fault = await faultOf(client.send(upload(() => lines(4))))
  assert.deepEqual([fault.kind, fault.mayHaveApplied], ['transient', true])
  assert.deepEqual(
    bodies.map((text) => text.split('\n').length - 1),
    [1, 20_000, 3, 3, 4],
  )
})

test('an error while a body is produced ends the call with it, and the server gets no whole body', async (t) => {
  let whole = 0
  const { client } = await rig(t, (request) => {
    request
      .on('error', () => undefined)
      .once('end', () => (whole += 1))
      .resume()
  })
  const own = new Fault('config', 'column 3 has no name', { code: 'bad-base-url', advice: 'Name it.' })
  async function* broken(error: Error): AsyncIterable<string> {
    yield* lines(10)
    throw error
  }
  const known = await faultOf(client.send(upload(() => broken(own), { repeatable: true })))
  assert.deepEqual(
    [known.kind, known.code, known.advice, known.message],
    ['config', 'bad-base-url', 'Name it.', 'column 3 has no name'],
  )
  const unknown = await faultOf(client.send(upload(() => broken(new TypeError('x is undefined')))))
  assert.deepEqual([unknown.kind, unknown.code], ['bug', 'malformed-request'])
  assert.match(unknown.message, /^PUT \/job: its body could not be produced: TypeError: x is undefined$/)
  const early = await faultOf(
    client.send(
      upload(() => {
        throw new Error('not ready')
      }),
    ),
  )
  assert.match(early.message, /not ready/)
  assert.equal(whole, 0)
})

test('a write that is cut off in the middle of its body may have been applied', async (t) => {
  let whole = 0
  let sure = true
  async function* parts(): AsyncIterable<string> {
    yield* lines(10)
    sure = false
    yield* lines(100_000)
  }
  const lock = { isSure: () => sure, whenUnsure: () => () => undefined }
  const { client } = await rig(
    t,
    (request) => {
      request
        .on('error', () => undefined)
        .once('end', () => (whole += 1))
        .resume()
    },
    { lock },
  )
  const fault = await faultOf(client.send(upload(parts)))
  assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['transient', 'hold-unsure', true])
  assert.deepEqual([whole, client.counts.write], [0, 1])
})

test('a stream of 200 MiB is read with flat memory, as fast as it is read', async (t) => {
  const chunk = Buffer.from(`${'é'.repeat(32 * 1024 - 1)}\n\n`)
  let written = 0
  const { client } = await rig(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/csv' })
    const write = (): void => {
      while (written < 200 * mebibyte) {
        written += chunk.length
        if (!response.write(chunk)) return void response.once('drain', write)
      }
      response.end()
    }
    write()
  })
  const seen: CapturedCall[] = []
  const { stream, status, body } = await client.send(csv, seen)
  assert.deepEqual([status, body], [200, undefined])
  let before = -1
  while (written !== before) {
    before = written
    await delay(50)
  }
  assert.ok(written < 32 * mebibyte, `${written} bytes were read without a reader`)
  let bytes = 0
  let most = 0
  for await (const text of stream ?? []) {
    bytes += Buffer.byteLength(text)
    most = Math.max(most, text.length)
  }
  assert.equal(bytes, written)
  assert.ok(bytes >= 200 * mebibyte && most < 4 * mebibyte, `${most} characters at once`)
  assert.equal(seen.length, 1)
  assert.equal(seen[0]?.answer.length, 64 * 1024)
})

test('a stream that is not read keeps no other call waiting, and close does not wait for it', async (t) => {
  const { client } = await rig(t, ({ url }, response) => {
    response.writeHead(200).write(url === '/results' ? 'Id\n' : '{}')
    if (url !== '/results') response.end()
  })
  for (let at = 0; at < 12; at += 1) assert.equal((await client.send(csv)).status, 200)
  assert.equal((await client.send({ ...csv, path: '/other', accept: 'json' })).status, 200)
  await client.close()
})

test('leaving the loop closes the connection', async (t) => {
  const closed = Promise.withResolvers<void>()
  const { client } = await rig(t, (_request, response) => {
    response.once('close', () => closed.resolve())
    response.writeHead(200).write('Id\n')
  })
  for await (const text of (await client.send(csv)).stream ?? []) {
    assert.equal(text, 'Id\n')
    break
  }
  await closed.promise
})

for (const [title, options, act, kind, code] of [
  ['breaks', {}, 'break', 'transient', 'connection-reset'],
  ['stalls', {}, 'stall', 'transient', 'timeout'],
  ['is aborted', {}, 'abort', 'cancelled', 'cancelled'],
  ['passes the deadline', { deadline: 'soon' }, 'drip', 'transient', 'timeout'],
] as const) {
  test(`a stream that ${title} ends with a Fault`, async (t) => {
    const { client, abort } = await rig(
      t,
      (_request, response) => {
        response.writeHead(200).write('Id\n')
        if (act === 'break') setTimeout(() => response.socket?.resetAndDestroy(), 20)
        if (act === 'drip') {
          const timer = setInterval(() => response.write('.'), 20)
          response.once('close', () => clearInterval(timer))
        }
      },
      'deadline' in options ? { deadline: Date.now() + 300 } : {},
    )
    const seen: CapturedCall[] = []
    const { stream } = await client.send({ ...csv, ...(act === 'stall' && { timeoutMs: 100 }) }, seen)
    const fault = await faultOf(
      (async () => {
        for await (const text of stream ?? []) if (text !== '' && act === 'abort') abort()
      })(),
    )
    assert.deepEqual([fault.kind, fault.code], [kind, code])
    assert.deepEqual([seen.length, seen[0]?.fault, seen[0]?.answer.slice(0, 3)], [1, fault, 'Id\n'])
  })
}

test('a text answer has the size limit of all answers that are collected', async (t) => {
  const { client } = await rig(t, (_request, response) => void response.writeHead(200).end('x'.repeat(9 * mebibyte)))
  assert.equal((await faultOf(client.send({ ...csv, accept: 'text' }))).code, 'answer-too-large')
})
