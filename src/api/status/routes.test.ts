import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { tryApi } from '../api.fixture.ts'
import { createApp } from '../create-app.ts'

const api = await tryApi()
const locked = await tryApi({ access: { kind: 'password', password: 'a good long password' } })

test('the server says what it is', async () => {
  const { status, body } = await api.call('GET', '/api/status')
  assert.equal(status, 200)
  assert.equal(body.access, 'local')
  assert.deepEqual(body.counts, { warehouses: 0, targets: 0, activations: 0, runs: 0 })
  assert.match(body.database.version, /^\d+\.\d+/)
  assert.equal((await api.call('GET', '/api/settings')).body.keepRunsDays, 90)
})

test("without a password it answers to this machine's names alone, and to no other site's page", async () => {
  const code = async (headers: Record<string, string>, method: 'GET' | 'POST' = 'GET') =>
    (
      await api.call(
        method,
        method === 'GET' ? '/api/status' : '/api/session',
        method === 'GET' ? undefined : { password: '' },
        headers,
      )
    ).body.code
  assert.equal(await code({ host: 'evil.example' }), 'foreign-host')
  assert.equal(await code({ host: '127.0.0.1.evil.example' }), 'foreign-host')
  assert.equal(await code({ host: '[::1]:4000' }), undefined)
  assert.equal(await code({ origin: 'http://evil.example' }, 'POST'), 'foreign-origin')
  assert.equal(await code({ 'sec-fetch-site': 'cross-site' }, 'POST'), 'foreign-origin')
  assert.equal(await code({ origin: 'http://localhost:4000' }, 'POST'), undefined)
  assert.equal((await api.call('POST', '/api/session', 'password=x', { 'content-type': 'text/plain' })).status, 415)
})

test('no way of writing a path gets round the password', async () => {
  for (const path of [
    '/api/status',
    '/%61pi/status',
    '/ap%69/status',
    '/api/%73tatus',
    '/api/openapi.json',
    '/%61pi/openapi.json',
    '/%61%70%69/targets',
    '/api/nothing-there',
  ]) {
    assert.equal((await locked.call('GET', path)).status, 401, path)
  }
  for (const path of ['//api/status', '/x/../api/status', '/API/status', '/api;/status']) {
    assert.ok(!(await locked.call('GET', path)).text.includes('startedAt'), path)
  }
  assert.equal((await locked.call('POST', '/%61pi/warehouses', { name: 'x', type: 'duckdb', config: {} })).status, 401)
})

test('with a password, a session or the password itself opens; guessing gets slower', async () => {
  assert.equal(
    (await locked.call('GET', '/api/status', undefined, { host: 'tailrace.example' })).body.code,
    'sign-in-required',
  )
  const bearer = (password: string) =>
    locked.call('GET', '/api/status', undefined, { authorization: `Bearer ${password}` })
  assert.equal((await bearer('a good long password')).status, 200)
  const sign = (password: string) => locked.call('POST', '/api/session', { password })
  const codes: string[] = []
  for (let tries = 0; tries < 5; tries += 1) codes.push((await sign('guess')).body.code)
  assert.deepEqual(codes, ['wrong-password', 'wrong-password', 'wrong-password', 'wrong-password', 'too-many-tries'])
  assert.equal((await sign('a good long password')).status, 429, 'also for the right one')
  locked.now += 1001
  const { status, headers } = await sign('a good long password')
  assert.equal(status, 200)
  const [cookie = ''] = String(headers['set-cookie']).split(';')
  assert.match(String(headers['set-cookie']), /HttpOnly; SameSite=Strict/)
  assert.equal((await locked.call('GET', '/api/status', undefined, { cookie })).status, 200)
  assert.equal((await locked.call('GET', '/api/status', undefined, { cookie: `${cookie}x` })).status, 401)
  locked.now += 8 * 86_400_000
  assert.equal((await locked.call('GET', '/api/status', undefined, { cookie })).status, 401)
})

test('what a proxy adds for itself is no password: a session opens all the same, and nobody is made to wait for it', async () => {
  const api = await tryApi({ access: { kind: 'password', password: 'a good long password' } })
  const { headers } = await api.call('POST', '/api/session', { password: 'a good long password' })
  const [cookie = ''] = String(headers['set-cookie']).split(';')
  for (let tries = 0; tries < 6; tries += 1)
    assert.equal(
      (await api.call('GET', '/api/status', undefined, { cookie, authorization: 'Basic bmdpbng6eA==' })).status,
      200,
    )
  assert.equal(
    (await api.call('GET', '/api/status', undefined, { authorization: 'Basic bmdpbng6eA==' })).body.code,
    'sign-in-required',
  )
  assert.equal(
    (await api.call('GET', '/api/status', undefined, { authorization: 'bearer  a good long password' })).status,
    200,
  )
})

test('behind a proxy that is named, each client waits for its own guesses, and the cookie is for https alone', async () => {
  const api = await tryApi({ access: { kind: 'password', password: 'a good long password' }, proxies: '127.0.0.0/8' })
  const sign = (password: string, from: string) =>
    api.call('POST', '/api/session', { password }, { 'x-forwarded-for': from, 'x-forwarded-proto': 'https' })
  for (let tries = 0; tries < 4; tries += 1) await sign('guess', '203.0.113.7')
  assert.equal((await sign('a good long password', '203.0.113.7')).status, 429)
  const { status, headers } = await sign('a good long password', '198.51.100.3')
  assert.equal(status, 200)
  assert.match(String(headers['set-cookie']), /; Secure$/)
  const direct = await tryApi({ access: { kind: 'password', password: 'a good long password' } })
  const untrusted = await direct.call(
    'POST',
    '/api/session',
    { password: 'a good long password' },
    { 'x-forwarded-proto': 'https' },
  )
  assert.doesNotMatch(String(untrusted.headers['set-cookie']), /Secure/)
})

test('what is not there, and what cannot be read, are problems, too', async () => {
  for (const [path, status] of [
    ['/api/nothing/here', 404],
    ['/nothing', 404],
    ['/api/warehouses?limit=0', 422],
  ] as const) {
    const reply = await api.call('GET', path)
    assert.deepEqual([reply.status, reply.body.status], [status, status])
  }
  const broken = await api.call('POST', '/api/session', '{"password":', { 'content-type': 'application/json' })
  assert.equal(broken.body.code, 'request-invalid')
})

test('the description of the API is OpenAPI 3.1 with every route', async () => {
  const { body } = await api.call('GET', '/api/openapi.json')
  assert.equal(body.openapi, '3.1.0')
  assert.equal(body.paths['/api/{kind}/{name}'].put.operationId, 'updateConnection')
  assert.ok(body.paths['/api/{kind}/{name}'].put.parameters.some(({ name }: { name: string }) => name === 'if-match'))
})

test('a control database that is gone is told as such, not as a fault of ours', async () => {
  const gone = new pg.Pool({ host: '127.0.0.1', port: 9 })
  const app = await createApp({ ...api.services, database: { ...api.services.database, pool: gone } })
  const reply = await app.inject({ url: '/api/status', headers: { host: 'localhost' } })
  assert.deepEqual([reply.statusCode, (reply.json() as { code: string }).code], [503, 'database-unavailable'])
  await app.close()
  await gone.end()
})
