import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import type { HttpRequest } from '../connect/io.ts'
import { faultOf } from '../testing/failures/hostile-http.ts'
import { answerRoom } from './answer-room.ts'
import { createHttpClient } from './http-client.ts'
import type { HttpClient } from './http-client-contract.ts'
import { windowLimit } from '../testing/simulated/window-limit.ts'

const read: HttpRequest = { method: 'GET', path: '/tags', effect: 'read', repeatable: true }
const write: HttpRequest = { method: 'POST', path: '/tags', body: {}, effect: 'write', repeatable: true }
const MiB = 1024 * 1024

async function serve(
  t: TestContext,
  answer: RequestListener,
): Promise<{ readonly client: HttpClient; readonly asked: () => number }> {
  let asked = 0
  const server = createServer((request, response) => {
    asked += 1
    request.resume()
    answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = createHttpClient({
    policy: {
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      auth: { bearer: 'token' },
      concurrency: 50,
      limits: [windowLimit(100_000)],
    },
    secrets: [],
    signal: new AbortController().signal,
    now: Date.now,
    random: Math.random,
    log: { debug() {}, info() {}, warn() {} },
  })
  t.after(async () => {
    await client.close()
    server.closeAllConnections()
    server.close()
  })
  return { client, asked: () => asked }
}

const chunk = Buffer.alloc(MiB, 'x')

const endless: readonly (readonly [string, RequestListener])[] = [
  [
    'says so before it comes',
    (_request, response) => void response.writeHead(200, { 'content-length': String(9 * MiB) }).write('"'),
  ],
  [
    'does not say how long it is',
    (_request, response) => {
      response.write('"')
      for (let n = 0; n < 9; n += 1) response.write(chunk)
      response.end('"')
    },
  ],
  [
    'never ends',
    (_request, response) => {
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more)
      }
      more()
    },
  ],
]

for (const [name, answer] of endless) {
  test(`an answer that is too large and ${name} is given up at once, and not asked for again`, async (t) => {
    const { client, asked } = await serve(t, answer)
    const fault = await faultOf(client.send(read))
    assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied, asked()], ['config', 'answer-too-large', false, 1])
    assert.match(fault.message, /^GET \/tags: 127\.0\.0\.1:\d+ answered with more than 8 MiB/)
    const written = await faultOf(client.send(write))
    assert.deepEqual(
      [written.kind, written.code, written.mayHaveApplied, asked()],
      ['transient', 'answer-too-large', true, 2],
    )
  })
}

test('many large answers at once all come whole', async (t) => {
  const text = JSON.stringify('é'.repeat(3 * MiB))
  const { client } = await serve(
    t,
    (_request, response) =>
      void response.writeHead(200, { 'content-length': String(Buffer.byteLength(text)) }).end(text),
  )
  const sizes = await Promise.all(
    Array.from({ length: 30 }, async () => ((await client.send(read)).body as string).length),
  )
  assert.ok(sizes.every((size) => size === 3 * MiB))
})

test('answers that pile up wait for one another, and none waits for ever', () => {
  const room = answerRoom(100)
  const flows = [0, 1, 2, 3].map(() => ({ paused: false }))
  const seats = flows.map((flow) =>
    room.enter({ pause: () => (flow.paused = true), resume: () => (flow.paused = false) }),
  )
  const paused = (): readonly boolean[] => flows.map((flow) => flow.paused)
  for (const seat of seats) seat.take(30)
  assert.deepEqual(paused(), [false, false, false, true], 'the one that filled it waits')
  seats[1]?.take(30)
  seats[0]?.take(90)
  assert.deepEqual(paused(), [false, true, false, true], 'the oldest goes on whatever it takes')
  seats[0]?.leave()
  assert.deepEqual(paused(), [false, false, false, true], 'then the next oldest does')
  seats[1]?.leave()
  assert.deepEqual(paused(), [false, false, false, false])
  seats[1]?.leave()
  seats[2]?.leave()
  seats[3]?.leave()
})
