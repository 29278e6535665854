import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { HttpRequest } from '../connect/io.ts'
import { faultOf, startHostileHttp } from '../testing/failures/hostile-http.ts'
import { createHttpClient } from './http-client.ts'
import type { HttpClient } from './http-client-contract.ts'
import { windowLimit } from '../testing/simulated/window-limit.ts'

const read: HttpRequest = { method: 'GET', path: '/me', effect: 'read', repeatable: true }

function client(t: TestContext, baseUrl: string): HttpClient {
  const made = createHttpClient({
    policy: {
      baseUrl,
      auth: { bearer: 'token' },
      concurrency: 2,
      limits: [windowLimit(100)],
    },
    secrets: [],
    signal: new AbortController().signal,
    firstContactMs: 20,
    backoff: { baseMs: 2, capMs: 5 },
    now: Date.now,
    random: Math.random,
    log: { debug() {}, info() {}, warn() {} },
  })
  t.after(() => made.close())
  return made
}

/** An https server with a self-signed certificate, or undefined without openssl. */
async function selfSigned(t: TestContext): Promise<Server | undefined> {
  const dir = mkdtempSync(join(tmpdir(), 'tailrace-tls-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
  try {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=localhost',
        '-keyout',
        key,
        '-out',
        cert,
      ],
      { stdio: 'ignore' },
    )
  } catch {
    return undefined
  }
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) =>
    response.end('{}'),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => new Promise((resolve) => server.close(resolve)))
  return server
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

test('a certificate that cannot be trusted is told as what it is, at once', async (t) => {
  const server = await selfSigned(t)
  if (server === undefined) return t.skip('openssl is missing')
  const fault = await faultOf(client(t, `https://127.0.0.1:${portOf(server)}`).send(read))
  assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['config', 'tls', false])
  assert.match(fault.message, /^GET \/me: 127\.0\.0\.1:\d+ has a self-signed certificate$/)
  assert.match(fault.advice ?? '', /NODE_EXTRA_CA_CERTS/)
})

test('http:// to a port that speaks TLS is no API', async (t) => {
  const server = await selfSigned(t)
  if (server === undefined) return t.skip('openssl is missing')
  const fault = await faultOf(client(t, `http://127.0.0.1:${portOf(server)}`).send({ ...read, repeatable: false }))
  assert.equal(fault.kind, 'transient')
  assert.match(fault.code, /^(not-json|connection-reset)$/)
})

test('https:// to a port that speaks plain HTTP says so', async (t) => {
  const server = await startHostileHttp(() => ({ body: {} }))
  t.after(() => server.close())
  const fault = await faultOf(client(t, server.baseUrl.replace('http:', 'https:')).send(read))
  assert.deepEqual([fault.kind, fault.code], ['config', 'tls'])
  assert.match(fault.message, /does not use TLS as expected$/)
  assert.match(fault.advice ?? '', /http:\/\//)
})

test('a name that DNS cannot know is told at once', async (t) => {
  // A label of 64 letters is invalid: the resolver rejects it without using the network.
  const host = `${'a'.repeat(64)}.example`
  const fault = await faultOf(client(t, `https://${host}`).send(read))
  assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['config', 'dns', false])
  assert.ok(fault.message.includes(`${host} cannot be resolved`), fault.message)
})
