import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canary, tryApi } from '../api.fixture.ts'

const api = await tryApi()
await api.duckdb(
  `create schema sales; create table sales.orders (id bigint, total decimal(10, 2)); create view big as select * from sales.orders where total > 100`,
)
await api.connect()
await api.duckdb(`insert into customers select 'c' || i, null, 'premium', i + 0.5 from range(250) t (i)`)

test('the schema browser gets tables and views with their columns', async () => {
  const { body } = await api.call('GET', '/api/warehouses/shop/schema')
  assert.deepEqual(
    body.tables.map((table: { schema: string; name: string }) => `${table.schema}.${table.name}`),
    ['main.big', 'main.customers', 'sales.orders'],
  )
  assert.deepEqual(body.tables[2].columns, [
    { name: 'id', type: 'BIGINT' },
    { name: 'total', type: 'DECIMAL(10,2)' },
  ])
  assert.equal(body.truncated, false)
})

test('a preview shows the first rows, exactly, and at most 100', async () => {
  const preview = (query: string, rows: number) => api.call('POST', '/api/warehouses/shop/preview', { query, rows })
  const { body } = await preview('select intercom_id, amount, email from customers order by amount', 100)
  assert.deepEqual([body.rows.length, body.rows[0], body.problem], [100, ['c0', '0.50', null], null])
  assert.deepEqual(
    body.columns.map(({ type }: { type: string }) => type),
    ['text', 'decimal', 'text'],
  )
  assert.deepEqual((await preview('select intercom_id from customers', 0)).body.rows, [])
  assert.equal((await preview('select 1 as a', 101)).status, 422)
})

test('a query that is not valid is told at its line and column, and nothing but reading is let through', async () => {
  const { status, body } = await api.call('POST', '/api/warehouses/shop/preview', {
    query: 'select intercom_id,\n  nothing_here\nfrom customers',
    rows: 10,
  })
  assert.equal(status, 200)
  assert.deepEqual([body.problem.code, body.problem.line, body.problem.column], ['query-failed', 2, 3])
  const writes = await api.call('POST', '/api/warehouses/shop/preview', { query: 'delete from customers', rows: 10 })
  assert.equal(writes.body.problem.code, 'query-not-read-only')
})

test('objects come with the behaviors they can do; only Tags offer a list', async () => {
  const {
    body: { items },
  } = await api.call('GET', '/api/targets/support/objects')
  const tag = items.find(({ id }: { id: string }) => id === 'contact_tag')
  assert.deepEqual(
    tag.behaviors.map(({ id }: { id: string }) => id),
    ['attach', 'detach', 'mirror'],
  )
  assert.deepEqual(
    tag.behaviors.map(({ members, removes }: { members: object; removes: boolean }) => ({ members, removes }))[0],
    { members: { max: 1, mayCreate: true }, removes: false },
  )
  assert.deepEqual(tag.behaviors[1].members, { max: null, mayCreate: false })
  assert.deepEqual(tag.members, {
    setting: 'tags',
    noun: { one: 'tag', many: 'tags' },
    createSetting: 'createTag',
    canBeListed: true,
  })
  const contact = items.find(({ id }: { id: string }) => id === 'contact')
  assert.equal(contact.hasFields, true)
  assert.ok(contact.behaviors.find(({ id }: { id: string }) => id === 'upsert').mapsFields)
})

test('tags are listed as they are now, and searched', async () => {
  api.intercom.world.createTag('Premium Customers')
  api.intercom.world.createTag('Trial')
  const { body } = await api.call('GET', '/api/targets/support/objects/contact_tag/members?search=prem')
  assert.deepEqual(
    body.items.map(({ name }: { name: string }) => name),
    ['Premium Customers'],
  )
  assert.equal((await api.call('GET', '/api/targets/support/objects/nothing/members')).body.code, 'object-not-found')
})

test('Fields are listed with what they take', async () => {
  const { body } = await api.call('GET', '/api/targets/support/objects/contact/fields')
  const email = body.items.find(({ name }: { name: string }) => name === 'email')
  assert.deepEqual([email.type, email.writable], ['text', true])
  assert.deepEqual((await api.call('GET', '/api/targets/support/objects/contact_tag/fields')).body.items, [])
})

test('a Target that lets us in no more is told as such, on its page as well', async () => {
  const down = await api.call('POST', '/api/targets', {
    name: 'down',
    type: 'intercom',
    config: { token: 'of-nobody', baseUrl: api.intercom.url },
    untested: true,
  })
  assert.equal(down.status, 201, down.text)
  const { status, body } = await api.call('GET', '/api/targets/down/objects/contact_tag/members')
  assert.equal(status, 502)
  assert.equal((await api.call('GET', '/api/targets/down')).body.health.code, body.code)
})

test('a Target shows its rate limit as it was told last, also where it was never tested, and after the window has ended', async () => {
  await api.call('POST', '/api/targets', {
    name: 'untested',
    type: 'intercom',
    config: { token: canary, baseUrl: api.intercom.url },
    untested: true,
  })
  assert.deepEqual((await api.call('GET', '/api/targets/untested')).body.limits, [])
  const config = {
    warehouse: 'shop',
    query: 'select intercom_id from customers',
    target: 'untested',
    object: 'contact_tag',
    behavior: 'attach',
    tags: ['Trial'],
    identifier: { field: 'id', column: 'intercom_id' },
  }
  const plan = await api.call('POST', '/api/plans', { name: 'looks', config })
  assert.equal(plan.status, 200, plan.text)
  const { limits } = (await api.call('GET', '/api/targets/untested')).body
  const [rate] = limits
  assert.ok(rate.limit > 0 && rate.perMs > 0 && rate.name === 'requests', JSON.stringify(rate))
  assert.ok(rate.used > 0 && rate.used <= rate.limit, JSON.stringify(rate))
  api.now = Date.parse(rate.endsAt) + 3_600_000
  assert.deepEqual(
    (await api.call('GET', '/api/targets/untested')).body.limits,
    limits,
    'what was told is not forgotten with its window',
  )
})
