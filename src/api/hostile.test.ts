import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tryApi } from './api.fixture.ts'

const api = await tryApi()
const untested = { type: 'duckdb', config: {}, untested: true }

test('what no database can keep is refused as what was sent, wherever it stands', async () => {
  const requests = [
    ['GET', '/api/activations/a%00b'],
    ['GET', '/api/activations?search=%00'],
    ['GET', '/api/activations/a/record?identifier=%00'],
    ['POST', '/api/warehouses', { ...untested, name: 'shop', config: { path: './a\0' } }],
    ['POST', '/api/warehouses', { ...untested, name: 'shop', config: { 'a\0': 1 } }],
    ['POST', '/api/warehouses', '{"name":"shop\\ud800","type":"duckdb","config":{},"untested":true}'],
    ['POST', '/api/plans', { name: 'a\0', config: {} }],
    ['POST', '/api/activations/a/runs', { allow: ['\0'] }],
  ] as const
  for (const [method, path, body] of requests) {
    const reply = await api.call(method, path, body, body === undefined ? {} : { 'content-type': 'application/json' })
    assert.deepEqual(
      [reply.status, reply.body.code],
      [422, 'request-invalid'],
      `${method} ${path} ${JSON.stringify(body)}: ${reply.text}`,
    )
  }
})

test('what needs no body may come without one', async () => {
  for (const path of ['/api/activations/nobody/runs', '/api/activations/nobody/verify'])
    assert.equal((await api.call('POST', path)).body.code, 'activation-not-found', path)
})

test('what is nested without end is refused before anybody walks down', async () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
  for (const [path, body] of [
    ['/api/warehouses', `{"name":"d","type":"duckdb","config":{"path":${deep}},"untested":true}`],
    ['/api/activations', `{"name":"d","config":{"query":${deep}},"run":false}`],
    ['/api/drafts/check', `{"config":{"query":${deep}}}`],
  ] as const) {
    const { status, body: problem } = await api.call('POST', path, body, { 'content-type': 'application/json' })
    assert.deepEqual([status, problem.code], [422, 'request-invalid'], path)
  }
})

test('a cursor that was tampered with is told as such', async () => {
  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  for (const path of [
    ...[1e30, 'abc', 1.5, -1, null].map((after) => `/api/runs?cursor=${cursor(['runs', after])}`),
    ...['\0', '\ud800', 7].map((after) => `/api/activations?cursor=${cursor(['activations', after])}`),
    `/api/warehouses?cursor=${cursor(['warehouses', '\0'])}`,
    `/api/targets?cursor=${cursor(['warehouses', 'a'])}`,
  ]) {
    const { status, body } = await api.call('GET', path)
    assert.deepEqual([status, body.code], [422, 'cursor-invalid'], path)
  }
})

test('a path that cannot be read is a problem document, too', async () => {
  for (const path of ['/api/%zz', '/%zz', '/api/activations/%ED%A0%80']) {
    const { status, headers, body } = await api.call('GET', path)
    assert.deepEqual(
      [status, headers['content-type'], body.code],
      [400, 'application/problem+json; charset=utf-8', 'request-invalid'],
      path,
    )
  }
})

test('a name that JavaScript or a path reads as something else is a name like others, or refused', async () => {
  const named = async (name: string) => await api.call('POST', '/api/warehouses', { ...untested, name })
  for (const name of ['.', '..']) assert.equal((await named(name)).body.errors[0].pointer, '/name', name)
  for (const name of ['__proto__', 'constructor', 'a/b%2f?#', 'näme ☃ 🚰']) {
    assert.equal((await named(name)).status, 201, name)
    assert.equal((await api.call('GET', `/api/warehouses/${encodeURIComponent(name)}`)).body.name, name)
  }
  const wrong = await api.call('POST', '/api/targets', {
    name: '__proto__',
    type: 'intercom',
    config: { nonsense: 1 },
    untested: true,
  })
  assert.equal(wrong.status, 422, 'its config is checked as any other')
  const activation = await api.call('POST', '/api/activations', { name: '__proto__', config: { nonsense: 1 } })
  assert.equal(activation.status, 422, activation.text)
  const planned = await api.call('POST', '/api/plans', { name: '__proto__', config: { nonsense: 1 } })
  assert.equal(planned.status, 422, planned.text)
  assert.equal(
    (await api.call('POST', '/api/plans', { name: 'two\nlines', config: {} })).body.errors[0].pointer,
    '/name',
  )
  const { text } = await api.call('GET', '/api/config')
  assert.equal((await api.call('POST', '/api/config/apply', { yaml: text })).body.changes.length, 4)
})
