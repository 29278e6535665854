import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test, type TestContext } from 'node:test'
import { inspect } from 'node:util'
import type { HttpPolicy } from '../../connect/http-policy.ts'
import type { HttpRequest } from '../../connect/io.ts'
import type { OAuth2, Token } from '../../connect/oauth2.ts'
import { Fault } from '../../model/fault.ts'
import { faultOf } from '../../testing/failures/hostile-http.ts'
import { createHttpClient } from '../http-client.ts'
import type { CapturedCall } from '../captured-call.ts'
import type { HttpClient, HttpClientOptions } from '../http-client-contract.ts'
import {
  clientSecret,
  oauthOf,
  oauthPolicy,
  refreshToken,
  startOAuthTarget,
  type OAuthTarget,
} from './oauth-target.fixture.ts'
import { grantIdentity } from './token-request.ts'
import { memoryTokens } from './token-store.ts'

const read: HttpRequest = { method: 'GET', path: '/records', effect: 'read', repeatable: true }
const writeOnce: HttpRequest = { method: 'POST', path: '/records', body: { a: 1 }, effect: 'write', repeatable: false }

interface Rig {
  readonly client: HttpClient
  /** Everything logged. */
  readonly said: unknown[]
  readonly abort: () => void
}

function rig(t: TestContext, policy: HttpPolicy, options: Partial<HttpClientOptions> = {}): Rig {
  const controller = new AbortController()
  const said: unknown[] = []
  const note = (...words: unknown[]): void => void said.push(words)
  const client = createHttpClient({
    policy,
    secrets: [],
    signal: controller.signal,
    backoff: { baseMs: 2, capMs: 20 },
    firstContactMs: 200,
    now: Date.now,
    random: Math.random,
    log: { debug: note, info: note, warn: note },
    ...options,
  })
  t.after(async () => {
    controller.abort()
    await client.close()
  })
  return { client, said, abort: () => controller.abort() }
}

function tokensIn({ calls }: OAuthTarget): string[] {
  return [...new Set(calls.map(({ token }) => token))]
}

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const jwt: OAuth2['grant'] = {
  type: 'jwt-bearer',
  privateKey,
  subject: 'me@acme.example',
  audience: 'https://login.example',
}

test('many calls at once get one token, and token requests count as neither reads nor writes', async (t) => {
  const target = await startOAuthTarget(t, { expiresIn: 3600 })
  const { client } = rig(t, oauthPolicy(target.url))
  await Promise.all(Array.from({ length: 20 }, (_, at) => client.send(at % 2 === 0 ? read : writeOnce)))
  assert.deepEqual(target.tokens.requests, [
    { grant_type: 'client_credentials', client_id: 'app', client_secret: clientSecret },
  ])
  assert.equal(tokensIn(target).length, 1)
  assert.deepEqual([client.counts.read, client.counts.write, client.counts.retried], [10, 10, 0])
})

for (const [title, grant, clients, form] of [
  [
    'JWT bearer',
    jwt,
    [{ clientId: 'app', publicKey, users: ['me@acme.example'] }],
    ['grant_type', 'assertion', 'client_id'],
  ],
  [
    'refresh token',
    { type: 'refresh-token', refreshToken, clientSecret },
    [{ clientId: 'app', clientSecret, refreshToken }],
    ['grant_type', 'refresh_token', 'client_id', 'client_secret'],
  ],
] as const) {
  test(`${title}: the vendor accepts the request`, async (t) => {
    const target = await startOAuthTarget(t, { clients, audience: 'https://login.example' })
    const { client } = rig(t, oauthPolicy(target.url, oauthOf(target.url, grant)))
    assert.equal((await client.send(read)).status, 200)
    assert.deepEqual(
      target.tokens.requests.map((request) => Object.keys(request).toSorted()),
      [[...form].toSorted()],
    )
  })
}

test('client and secret go as HTTP Basic where the vendor wants them there, with scope and parameters in the form', async (t) => {
  const clientId = 'app:é'
  const target = await startOAuthTarget(t, { clients: [{ clientId, clientSecret }] })
  const oauth2: OAuth2 = {
    ...{ ...oauthOf(target.url), clientId, clientAuth: 'basic', scope: 'a b' },
    parameters: { redirect_uri: 'https://acme.example/back' },
  }
  await rig(t, oauthPolicy(target.url, oauth2)).client.send(read)
  const [{ authorization = '', ...form } = {}] = target.tokens.requests
  assert.deepEqual(form, { redirect_uri: 'https://acme.example/back', grant_type: 'client_credentials', scope: 'a b' })
  assert.match(authorization, /^Basic /)
})

test('a token that expires during the work is renewed once, and each call is sent again once', async (t) => {
  const target = await startOAuthTarget(t)
  const { client } = rig(t, oauthPolicy(target.url))
  await client.send(read)
  target.tokens.expireAll()
  const replies = await Promise.all(Array.from({ length: 8 }, () => client.send(writeOnce)))
  assert.ok(replies.every(({ status }) => status === 200))
  assert.equal(target.tokens.granted, 2)
  const writes = target.calls.filter(({ method }) => method === 'POST')
  assert.equal(writes.filter(({ status }) => status === 200).length, 8, 'a write was applied twice, or not at all')
  assert.equal(tokensIn(target).length, 2)
})

test('a second 401 ends the call as unauthorized', async (t) => {
  const target = await startOAuthTarget(t)
  const other = await startOAuthTarget(t)
  const { client } = rig(t, oauthPolicy(other.url, oauthOf(target.url)))
  const fault = await faultOf(client.send(writeOnce))
  assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['auth', 'unauthorized', false])
  assert.equal(other.calls.length, 2)
  assert.equal(target.tokens.granted, 2)
})

test('a token is renewed ahead of its end, while calls go on with the old one', async (t) => {
  const bench = { now: 1_000_000 }
  const now = (): number => bench.now
  const target = await startOAuthTarget(t, { expiresIn: 1800, now })
  const { client } = rig(t, oauthPolicy(target.url), { now, firstContactMs: 1e9 })
  await client.send(read)
  bench.now += 1_400_000
  await client.send(read)
  assert.equal(target.tokens.granted, 1, 'the token was renewed too early')
  bench.now += 150_000
  target.tokens.trouble({ is: 'hold' })
  await client.send(read)
  await target.tokens.held(1)
  await client.send(read)
  assert.equal(tokensIn(target).length, 1)
  target.tokens.release()
  while (tokensIn(target).length < 2) await client.send(read)
  assert.deepEqual([target.tokens.requests.length, target.calls.filter(({ status }) => status !== 200).length], [2, 0])
})

test('a token that ended is not sent', async (t) => {
  const bench = { now: 1_000_000 }
  const target = await startOAuthTarget(t, { expiresIn: 1800, now: () => bench.now })
  const { client } = rig(t, oauthPolicy(target.url), { now: () => bench.now, firstContactMs: 1e9 })
  await client.send(read)
  bench.now += 1_795_000
  await client.send(read)
  assert.equal(target.tokens.granted, 2)
  assert.deepEqual(
    target.calls.map(({ status }) => status),
    [200, 200],
  )
})

for (const [title, grant, code, advice] of [
  [
    'a revoked refresh token',
    { type: 'refresh-token', refreshToken, clientSecret },
    'invalid_grant',
    /new refresh token/,
  ],
  [
    'a wrong client secret',
    { type: 'client-credentials', clientSecret: 'canary-of-somebody-else' },
    'invalid_client',
    /client secret/,
  ],
  [
    'a user that has not approved the app',
    { ...jwt, subject: 'you@acme.example' },
    'invalid_grant',
    /approved the app/,
  ],
] as const) {
  test(`${title} is an auth Fault that names the vendor's code, and no secret`, async (t) => {
    const target = await startOAuthTarget(t, {
      clients: [{ clientId: 'app', clientSecret, refreshToken, publicKey, users: ['me@acme.example'] }],
      audience: 'https://login.example',
    })
    if (grant.type === 'refresh-token') target.tokens.revoke()
    const { client, said } = rig(t, oauthPolicy(target.url, oauthOf(target.url, grant)))
    const faults = await Promise.all([faultOf(client.send(read)), faultOf(client.send(writeOnce))])
    for (const fault of faults) {
      assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['auth', 'token-rejected', false])
      assert.match(fault.message, new RegExp(`POST /oauth/token: 127\\.0\\.0\\.1:\\d+ answered 40[01]: ${code}`))
      assert.match(fault.advice ?? '', advice)
    }
    assert.equal(target.tokens.requests.length, 1)
    assert.deepEqual(target.calls, [])
    assert.doesNotMatch(inspect([said, faults], { depth: 9 }), /canary|BEGIN/)
  })
}

test('what the vendor quotes is redacted: secrets, assertion and tokens, also in captured calls', async (t) => {
  const target = await startOAuthTarget(t)
  const { client, said } = rig(t, oauthPolicy(target.url))
  const seen: CapturedCall[] = []
  const { body } = await client.send(read, seen)
  const { token } = body as { token: string }
  assert.equal(client.redact(`You sent ${token}.`), 'You sent Bearer [redacted].')
  target.tokens.expireAll()
  target.tokens.trouble({
    is: 'error',
    status: 400,
    body: { error: 'invalid_request', error_description: `got ${clientSecret}` },
  })
  const fault = await faultOf(client.send(read, seen))
  assert.match(fault.message, /invalid_request \("got \[redacted\]"\)$/)
  const shown = client.redact(JSON.stringify(seen.map(({ answer, path }) => [answer, path])))
  assert.doesNotMatch(inspect([said, fault, shown], { depth: 9 }), /canary|access-/)
})

test('a token endpoint in trouble is asked again, within the patience of the client', async (t) => {
  const target = await startOAuthTarget(t)
  target.tokens.trouble({ is: 'error', status: 503, body: {} })
  target.tokens.trouble({ is: 'lost' })
  target.tokens.trouble({ is: 'error', status: 400, body: { error: 'temporarily_unavailable' } })
  const { client } = rig(t, oauthPolicy(target.url))
  assert.equal((await client.send(read)).status, 200)
  assert.equal(target.tokens.requests.length, 4)

  target.tokens.expireAll()
  target.tokens.trouble({ is: 'error', status: 503, body: {} }, 1000)
  const impatient = rig(t, oauthPolicy(target.url), { patienceMs: 60 }).client
  const fault = await faultOf(impatient.send(writeOnce))
  assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['transient', 'token-unavailable', false])
  assert.match(fault.message, /answered 503/)
})

test('a rejection that the connector knows to pass is asked again', async (t) => {
  const target = await startOAuthTarget(t)
  const description = 'token request is already being processed'
  target.tokens.trouble({ is: 'error', status: 400, body: { error: 'invalid_grant', error_description: description } })
  const isTemporary = (code: string, words: string): boolean => code === 'invalid_grant' && words === description
  const { client } = rig(t, oauthPolicy(target.url, { ...oauthOf(target.url), isTemporary }))
  assert.equal((await client.send(read)).status, 200)
  assert.equal(target.tokens.requests.length, 2)
})

test('what is no token endpoint is a config Fault, and an unreachable one a transient one', async (t) => {
  const target = await startOAuthTarget(t)
  for (const [status, body] of [
    [200, { ok: true }],
    [404, { message: 'no such page' }],
    [302, {}],
  ] as const) {
    target.tokens.trouble({ is: 'error', status, body })
    const fault = await faultOf(rig(t, oauthPolicy(target.url)).client.send(read))
    assert.deepEqual([fault.kind, fault.code], ['config', 'token-endpoint'])
    assert.match(fault.message, new RegExp(`answered ${status}`))
  }
  const gone = oauthPolicy(target.url, oauthOf('http://127.0.0.1:1'))
  const fault = await faultOf(rig(t, gone).client.send(read))
  assert.deepEqual([fault.kind, fault.code], ['transient', 'unreachable'])
  assert.throws(() => rig(t, oauthPolicy(target.url, { ...oauthOf(target.url), tokenUrl: 'ftp://x' })), {
    code: 'bad-token-url',
  })
})

test('a private key that cannot sign is a config Fault that quotes nothing of it', async (t) => {
  const target = await startOAuthTarget(t)
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
  const locked = pair.privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
    .toString()
  for (const [key, why] of [
    ['canary-no-key', /not a private key in PEM form/],
    [ec, /type ec, not RSA/],
    [locked, /encrypted with a passphrase/],
  ] as const) {
    const { client } = rig(t, oauthPolicy(target.url, oauthOf(target.url, { ...jwt, privateKey: key })))
    const fault = await faultOf(client.send(read))
    assert.deepEqual([fault.kind, fault.code], ['config', 'bad-private-key'])
    assert.match(fault.message, why)
    assert.doesNotMatch(inspect(fault), /canary-no|BEGIN ENC/)
  }
})

test('the base URL comes from the token, and one that the connector does not allow gets no call', async (t) => {
  const [one, two] = [await startOAuthTarget(t), await startOAuthTarget(t)]
  let instance = one.url
  const login = await startOAuthTarget(t, { fields: () => ({ instance_url: instance, id: 'org-7', secret_part: 1 }) })
  const seen: Token[] = []
  const policy: HttpPolicy = {
    ...oauthPolicy(login.url, { ...oauthOf(login.url), extraFields: ['id', 'secret_part'] }),
    baseUrl(token) {
      seen.push(token)
      if (token.instanceUrl?.startsWith('http://127.0.0.1:') === true) return token.instanceUrl
      throw new Fault('config', 'the vendor named a host that is not its own', { code: 'bad-base-url' })
    },
  }
  const { client } = rig(t, policy)
  await assert.rejects(client.send(read), { code: 'unauthorized' })
  assert.equal(one.calls.length, 2, 'one does not know the tokens of login')
  assert.deepEqual([seen[0]?.extra, seen[0]?.expiresAt], [{ id: 'org-7' }, undefined])
  instance = two.url
  login.tokens.expireAll()
  await assert.rejects(client.send(read), { code: 'unauthorized' })
  assert.deepEqual([one.calls.length, two.calls.length], [3, 1], 'a renewed token moves the client to its instance')
  instance = 'https://evil.example'
  await assert.rejects(client.send(read), { kind: 'config', code: 'bad-base-url' })
})

test('waiting for a token ends on abort, on stop and at the deadline', async (t) => {
  const target = await startOAuthTarget(t)
  target.tokens.trouble({ is: 'hold' }, 3)

  const aborted = rig(t, oauthPolicy(target.url))
  const call = faultOf(aborted.client.send(read))
  await target.tokens.held(1)
  aborted.abort()
  assert.equal((await call).kind, 'cancelled')

  const stop = new AbortController()
  const stopped = rig(t, oauthPolicy(target.url), { stop: stop.signal })
  const write = faultOf(stopped.client.send(writeOnce))
  await target.tokens.held(2)
  stop.abort()
  assert.equal((await write).kind, 'cancelled')

  const late = rig(t, oauthPolicy(target.url), { deadline: Date.now() + 100 })
  const fault = await faultOf(late.client.send(read))
  assert.deepEqual([fault.kind, fault.code, fault.mayHaveApplied], ['transient', 'time-limit', false])
  assert.deepEqual(target.calls, [])
})

test('a new refresh token is kept and used from then on, also by the next client', async (t) => {
  const target = await startOAuthTarget(t, { rotates: true })
  const policy = oauthPolicy(target.url, oauthOf(target.url, { type: 'refresh-token', refreshToken, clientSecret }))
  const tokens = memoryTokens()
  const first = rig(t, policy, { tokens }).client
  await first.send(read)
  target.tokens.expireAll()
  await first.send(read)
  await first.close()
  target.tokens.expireAll()
  await rig(t, policy, { tokens }).client.send(read)
  const used = target.tokens.requests.map((request) => request['refresh_token'])
  assert.equal(new Set(used).size, 3)
  assert.equal(used[0], refreshToken)
})

test('tokens that end before they can be used end the call', async (t) => {
  const bench = { now: 1_000_000 }
  const target = await startOAuthTarget(t, { expiresIn: 1 })
  const { client } = rig(t, oauthPolicy(target.url), {
    now: () => (bench.now += 2_000),
    patienceMs: 1e9,
    firstContactMs: 1e9,
  })
  const fault = await faultOf(client.send(read))
  assert.deepEqual([fault.kind, fault.code], ['config', 'token-endpoint'])
  assert.match(fault.message, /end before they can be used/)
  assert.deepEqual(target.calls, [])
})

for (const [title, grant, rotates] of [
  ['does not wait for a renewal that can be repeated', undefined, false],
  ['waits for a new refresh token, and keeps it', { type: 'refresh-token', refreshToken, clientSecret }, true],
] as const) {
  test(`close ${title}`, async (t) => {
    const bench = { now: 1_000_000 }
    const now = (): number => bench.now
    const target = await startOAuthTarget(t, { expiresIn: 1800, now, rotates })
    const oauth2 = oauthOf(target.url, grant)
    const tokens = memoryTokens()
    const { client } = rig(t, oauthPolicy(target.url, oauth2), { now, tokens, firstContactMs: 1e9 })
    await client.send(read)
    const before = (await tokens.read(grantIdentity(oauth2))).token
    bench.now += 1_600_000
    target.tokens.trouble({ is: 'hold' })
    await client.send(read)
    await target.tokens.held(1)
    const closed = client.close()
    if (rotates) target.tokens.release()
    await closed
    const after = (await tokens.read(grantIdentity(oauth2))).token
    assert.equal(after?.refreshToken !== before?.refreshToken, rotates)
  })
}
