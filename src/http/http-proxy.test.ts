import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { inspect } from 'node:util'
import type { HttpPolicy } from '../connect/http-policy.ts'
import type { HttpRequest } from '../connect/io.ts'
import { faultOf, startHostileHttp } from '../testing/failures/hostile-http.ts'
import { startTestProxy, type TestProxy, type TestProxyOptions } from '../testing/failures/test-proxy.ts'
import { oauthPolicy, startOAuthTarget } from './auth/oauth-target.fixture.ts'
import { createHttpClient } from './http-client.ts'
import type { HttpClient } from './http-client-contract.ts'
import type { ProxyVariables } from './proxy-route.ts'
import { windowLimit } from '../testing/simulated/window-limit.ts'

const read: HttpRequest = { method: 'GET', path: '/me', effect: 'read', repeatable: true }
const write: HttpRequest = { method: 'POST', path: '/tags', body: { a: 1 }, effect: 'write', repeatable: true }
const canary = 'canary-pw-9b1'

interface Rig {
  readonly client: HttpClient
  readonly lines: string[]
}

function rig(
  t: TestContext,
  baseUrl: string,
  proxies: ProxyVariables,
  auth: HttpPolicy['auth'] = { bearer: 'token' },
): Rig {
  const lines: string[] = []
  const note = (message: string, fields?: object): void => void lines.push(`${message} ${JSON.stringify(fields)}`)
  const client = createHttpClient({
    policy: {
      baseUrl,
      auth,
      concurrency: 5,
      limits: [windowLimit(100)],
    },
    secrets: [],
    signal: new AbortController().signal,
    firstContactMs: 300,
    patienceMs: 300,
    backoff: { baseMs: 2, capMs: 5 },
    proxies,
    now: Date.now,
    random: Math.random,
    log: { debug: note, info: note, warn: note },
  })
  t.after(() => client.close())
  return { client, lines }
}

async function proxy(t: TestContext, options?: TestProxyOptions): Promise<TestProxy & { readonly withLogin: string }> {
  const started = await startTestProxy(options)
  t.after(() => started.close())
  return { ...started, passed: started.passed, withLogin: started.url.replace('http://', `http://user:${canary}@`) }
}

test('requests go through the proxy, with its credentials, and none of them beside it', async (t) => {
  const server = await startHostileHttp(({ text }) => ({ body: { text } }))
  t.after(() => server.close())
  const { withLogin, passed } = await proxy(t, { login: `user:${canary}` })
  const { client, lines } = rig(t, server.baseUrl, { HTTP_PROXY: withLogin })
  assert.deepEqual((await client.send(write)).body, { text: '{"a":1}' })
  await Promise.all(Array.from({ length: 20 }, () => client.send(read)))
  assert.equal(passed.length, 21)
  assert.equal(server.requests.length, 21)
  assert.equal(passed[0], `POST ${server.baseUrl}/tags`)
  assert.ok(
    server.requests.every(
      ({ headers }) => headers['proxy-authorization'] === undefined && headers.authorization === 'Bearer token',
    ),
  )
  assert.deepEqual([client.proxy?.label.includes(canary), client.proxy?.variable], [false, 'HTTP_PROXY'])
  assert.ok(!lines.join().includes(canary))
})

test('a host that NO_PROXY names is called without the proxy', async (t) => {
  const server = await startHostileHttp(() => ({ body: {} }))
  t.after(() => server.close())
  const { url, passed } = await proxy(t)
  const { client } = rig(t, server.baseUrl, { http_proxy: url, NO_PROXY: 'localhost,127.0.0.1' })
  await client.send(read)
  assert.deepEqual([client.proxy, passed.length, server.requests.length], [undefined, 0, 1])
})

test('https goes through a tunnel', async (t) => {
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
    return t.skip('needs openssl')
  }
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) =>
    response.end('{}'),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { url, passed } = await proxy(t)
  const { port } = server.address() as AddressInfo
  const fault = await faultOf(rig(t, `https://127.0.0.1:${port}`, { HTTPS_PROXY: url }).client.send(read))
  // The certificate is not trusted. That it was received at all proves that the tunnel works.
  assert.equal(fault.code, 'tls')
  assert.match(fault.message, /\(through the proxy http:\/\/127\.0\.0\.1:\d+\) has a self-signed certificate/)
  assert.deepEqual(passed.slice(0, 1), [`CONNECT 127.0.0.1:${port}`])
})

const refusals: readonly (readonly [string, TestProxyOptions, string, 'config' | 'transient'])[] = [
  ['wants other credentials', { login: 'user:another' }, 'proxy-refused', 'config'],
  ['does not allow the host', { rejects: 403 }, 'proxy-refused', 'config'],
  ['cannot reach the host', { rejects: 502 }, 'unreachable', 'transient'],
  ['never answers', { hangs: true }, 'timeout', 'transient'],
]

for (const [name, options, code, kind] of refusals) {
  test(`a proxy that ${name} is told as what it is, and nothing was applied`, async (t) => {
    const { withLogin } = await proxy(t, options)
    const { client, lines } = rig(t, 'https://api.example.com', { HTTPS_PROXY: withLogin })
    const faults = await Promise.all([
      faultOf(client.send({ ...write, timeoutMs: 1_000 })),
      faultOf(client.send({ ...read, timeoutMs: 1_000 })),
    ])
    for (const fault of faults) {
      assert.equal(fault.mayHaveApplied, false)
      assert.ok(
        fault.code === code || (code === 'timeout' && fault.code === 'unreachable'),
        `${fault.code}: ${fault.message}`,
      )
      assert.equal(fault.kind, kind)
      assert.match(fault.message, /api\.example\.com \(through the proxy http:\/\/127\.0\.0\.1:\d+\)/)
      assert.ok(!`${fault.stack} ${fault.advice} ${lines.join()}`.includes(canary))
    }
  })
}

test('of plain requests, too, a refusal for want of credentials applied nothing', async (t) => {
  const { withLogin } = await proxy(t, { login: 'user:another' })
  const fault = await faultOf(rig(t, 'http://api.example.com', { HTTP_PROXY: withLogin }).client.send(write))
  assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['config', 'proxy-refused', false])
})

test('a proxy that is not there is waited for as the Target itself would be', async (t) => {
  const { client } = rig(t, 'https://api.example.com', { HTTPS_PROXY: `http://user:${canary}@127.0.0.1:1` })
  const fault = await faultOf(client.send(write))
  assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['transient', 'unreachable', false])
  assert.match(fault.message, /\(through the proxy http:\/\/127\.0\.0\.1:1\) refuses connections/)
  assert.ok(!`${fault.stack} ${fault.advice}`.includes(canary))
})

test('token requests go through the proxy too, and a proxy that rejects them is named', async (t) => {
  const target = await startOAuthTarget(t)
  const { withLogin, passed } = await proxy(t, { login: `user:${canary}` })
  const { auth } = oauthPolicy(target.url)
  const { client, lines } = rig(t, target.url, { HTTP_PROXY: withLogin }, auth)
  assert.equal((await client.send(read)).status, 200)
  assert.deepEqual(passed, [`POST ${target.url}/oauth/token`, `GET ${target.url}/me`])
  const beside = rig(t, target.url, { HTTP_PROXY: withLogin.replace(canary, `${canary}-wrong`) }, auth)
  const fault = await faultOf(beside.client.send(read))
  assert.match(`${fault.code} ${fault.message}`, /through the proxy/)
  assert.doesNotMatch(inspect([lines, beside.lines, fault], { depth: 9 }), new RegExp(canary))
})
