import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canary, tryApi } from '../api.fixture.ts'

const api = await tryApi({
  env: {
    WAREHOUSE_FILE: './shop.duckdb',
    TAILRACE_SECRET_KEY: 'of the server',
    DATABASE_URL: `postgres://tailrace:${canary}@db/tailrace`,
    PGPASSWORD: canary,
  },
})
await api.connect()

test('a Connection is tested, saved without its secret in sight, and read back', async () => {
  const { status, body, headers } = await api.call('GET', '/api/targets/support')
  assert.equal(status, 200)
  assert.equal(headers['etag'], body.etag)
  assert.deepEqual(body.config, { token: { secret: 'set' }, baseUrl: api.intercom.url, concurrency: 10 })
  assert.equal(body.health.state, 'good')
  const { rows } = await api.services.database.pool.query<{ text: string }>(
    'select row_to_json(e)::text as text from project_entry e',
  )
  assert.ok(!rows.some(({ text }) => text.includes(canary)), 'the token is in the control database as it is')
})

test('what is wrong with a draft is told at its place, and nothing is saved', async () => {
  const { status, headers, body } = await api.call('POST', '/api/targets', {
    name: 'other',
    type: 'intercom',
    config: { regon: 'us', token: canary },
  })
  assert.equal(status, 422)
  assert.match(String(headers['content-type']), /^application\/problem\+json/)
  assert.deepEqual(
    body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ['/config/regon'],
  )
  assert.match(body.errors[0].detail, /did you mean "region"/)
  assert.equal((await api.call('GET', '/api/targets/other')).status, 404)
})

test('a name that is taken is told at the name', async () => {
  const { status, body } = await api.call('POST', '/api/warehouses', { name: 'shop', type: 'duckdb', config: {} })
  assert.equal(status, 409)
  assert.equal(body.errors[0].pointer, '/name')
})

test('a Connection that does not work is not saved, unless one says so; its health tells', async () => {
  const broken = { name: 'gone', type: 'duckdb', config: { path: './nowhere.duckdb' } }
  const rejected = await api.call('POST', '/api/warehouses', broken)
  assert.equal(rejected.status, 422)
  assert.equal(rejected.body.code, 'warehouse-not-found')
  const saved = await api.call('POST', '/api/warehouses', { ...broken, untested: true })
  assert.equal(saved.status, 201)
  assert.equal(saved.body.health.state, 'unknown')
  const tested = await api.call('POST', '/api/warehouses/test', broken)
  assert.equal(tested.status, 200)
  assert.deepEqual([tested.body.ok, tested.body.problem.code], [false, 'warehouse-not-found'])
  assert.equal((await api.call('GET', '/api/warehouses/gone')).body.health.code, 'warehouse-not-found')
  assert.equal(
    (await api.call('DELETE', '/api/warehouses/gone', undefined, { 'if-match': saved.body.etag })).status,
    200,
  )
})

test('a kept secret is used, and only where one was kept', async () => {
  const config = { token: { secret: 'set' }, baseUrl: api.intercom.url }
  const { body } = await api.call('POST', '/api/targets/test', { name: 'support', type: 'intercom', config })
  assert.equal(body.ok, true, JSON.stringify(body))
  assert.ok(body.rights.length > 5)
  const [{ name, limit, left, perMs, returnsAt }] = body.limits
  assert.deepEqual([name, perMs, body.limits.length], ['requests', 10_000, 1])
  assert.ok(left > 0 && left < limit && Date.parse(returnsAt) > 0, JSON.stringify(body.limits))
  const without = await api.call('POST', '/api/targets/test', { type: 'intercom', config })
  assert.equal(without.status, 422)
  assert.deepEqual(without.body.errors, [
    { pointer: '/config/token', detail: 'has no saved value; enter it', code: 'secret-not-set' },
  ])
})

test('a kept secret is never sent to another address', async () => {
  const config = { token: { secret: 'set' }, baseUrl: 'http://127.0.0.1:9' }
  for (const reply of [
    await api.call('POST', '/api/targets/test', { name: 'support', type: 'intercom', config }),
    await api.call(
      'PUT',
      '/api/targets/support',
      { type: 'intercom', config, untested: true },
      { 'if-match': (await api.call('GET', '/api/targets/support')).body.etag },
    ),
  ]) {
    assert.equal(reply.status, 422)
    assert.match(reply.body.errors[0].detail, /enter it again/)
    assert.equal(reply.body.errors[0].pointer, '/config/token')
  }
})

test("the server's own secrets are not for Connections", async () => {
  for (const name of ['TAILRACE_SECRET_KEY', 'DATABASE_URL', 'PGPASSWORD']) {
    const { body } = await api.call('POST', '/api/targets/test', { type: 'intercom', config: { token: `\${${name}}` } })
    assert.match(body.errors?.[0].detail ?? '', new RegExp(`${name} is not set`))
  }
})

test('${VAR} stays as it is written, and is read where it is used', async () => {
  const made = await api.call('POST', '/api/warehouses', {
    name: 'by-env',
    type: 'duckdb',
    config: { path: '${WAREHOUSE_FILE}' },
  })
  assert.equal(made.status, 201, made.text)
  assert.equal(made.body.config.path, '${WAREHOUSE_FILE}')
  const unset = await api.call('POST', '/api/targets/test', { type: 'intercom', config: { token: '${NOT_SET}' } })
  assert.equal(unset.status, 422)
  assert.match(unset.body.errors[0].detail, /NOT_SET is not set/)
})

test('an edit wants the ETag that was read; the second of two learns what changed', async () => {
  const {
    body: { etag, config },
  } = await api.call('GET', '/api/targets/support')
  const edit = (concurrency: number, headers?: Record<string, string>) =>
    api.call('PUT', '/api/targets/support', { type: 'intercom', config: { ...config, concurrency } }, headers)
  assert.equal((await edit(11)).status, 428)
  const first = await edit(11, { 'if-match': etag })
  assert.equal(first.status, 200, first.text)
  const second = await edit(12, { 'if-match': etag })
  assert.equal(second.status, 412)
  assert.deepEqual(second.body.errors, [
    { pointer: '/config/concurrency', detail: 'was 10, and is now 11', code: 'changed-meanwhile' },
  ])
})

test('one Idempotency-Key creates once', async () => {
  const body = { name: 'once', type: 'duckdb', config: {} }
  const make = (sent: object) => api.call('POST', '/api/warehouses', sent, { 'idempotency-key': 'k-1' })
  const [first, again, other] = [await make(body), await make(body), await make({ ...body, name: 'twice' })]
  assert.deepEqual([first.status, again.status, again.headers['idempotency-replayed']], [201, 201, 'true'])
  assert.deepEqual(again.body, first.body)
  assert.deepEqual([other.status, other.body.code], [422, 'idempotency-key-reused'])
})

test('what was created is not created again where its answer could not be kept', async () => {
  const { pool } = api.services.database
  await pool.query(
    `create function tailrace.reject_kept() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$`,
  )
  await pool.query(
    'create trigger reject_kept before update on tailrace.idempotency for each row execute function tailrace.reject_kept()',
  )
  const make = () =>
    api.call('POST', '/api/warehouses', { name: 'kept-once', type: 'duckdb', config: {} }, { 'idempotency-key': 'k-2' })
  try {
    const [first, again] = [await make(), await make()]
    assert.deepEqual([first.status, again.status, again.body.code], [201, 409, 'idempotency-key-busy'])
  } finally {
    await pool.query('drop trigger reject_kept on tailrace.idempotency')
  }
  const { body } = await api.call('GET', '/api/warehouses/kept-once')
  assert.equal(
    (await api.call('DELETE', '/api/warehouses/kept-once', undefined, { 'if-match': body.etag })).status,
    200,
  )
})

test('lists come in pages by name', async () => {
  const names: string[] = []
  let cursor = ''
  for (let pages = 0; pages < 10; pages += 1) {
    const { body } = await api.call('GET', `/api/warehouses?limit=1${cursor}`)
    names.push(...body.items.map(({ name }: { name: string }) => name))
    if (body.next === null) break
    cursor = `&cursor=${body.next}`
  }
  assert.deepEqual(names, ['by-env', 'once', 'shop'])
  assert.deepEqual(
    (await api.call('GET', '/api/warehouses?search=SHO')).body.items.map(({ name }: { name: string }) => name),
    ['shop'],
  )
  assert.equal((await api.call('GET', '/api/warehouses?cursor=nonsense')).body.code, 'cursor-invalid')
})

test('types tell what they need: titles, words, choices, and which fields are secret', async () => {
  const { body } = await api.call('GET', '/api/targets/types')
  const { properties } = body.items[0].schema
  assert.equal(body.items[0].type, 'intercom')
  assert.deepEqual(
    [properties.token.title, properties.token.secret, properties.region.enum],
    ['Access token', true, ['us', 'eu', 'au']],
  )
  assert.ok(properties.apiVersion.enum.includes('2.16'))
  const {
    body: { items },
  } = await api.call('GET', '/api/warehouses/types')
  assert.deepEqual(
    items.map(({ type }: { type: string }) => type),
    ['duckdb', 'postgres'],
  )
  assert.equal((await api.call('GET', '/api/nothings/types')).status, 404)
})
