import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tryApi } from '../api.fixture.ts'

const api = await tryApi()
await api.connect()
api.intercom.world.createTag('Premium')

const config = {
  warehouse: 'shop',
  query: 'select intercom_id, amount from customers',
  target: 'support',
  object: 'contact_tag',
  behavior: 'attach',
  tags: ['Premium'],
  identifier: { field: 'id', column: 'intercom_id' },
}
const check = async (changes: object) => {
  const { body } = await api.call('POST', '/api/drafts/check', { config: { ...config, ...changes } })
  return body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`)
}

test('a draft is checked by rule, then against Warehouse and Target', async () => {
  assert.deepEqual(await check({}), [])
  assert.deepEqual(await check({ tags: ['A', 'B'] }), ['/tags config-invalid'])
  assert.deepEqual(await check({ query: 'select nothing from nowhere', tags: ['Premum'] }), [
    '/query query-failed',
    '/tags tag-not-found',
  ])
  assert.deepEqual(await check({ identifier: { field: 'id', column: 'id' } }), ['/identifier column-not-found'])
  const contact = {
    object: 'contact',
    behavior: 'update',
    tags: undefined,
    mapping: { nmae: 'amount', name: 'intercom_id' },
  }
  assert.deepEqual(await check(contact), ['/mapping/nmae field-not-found'])
})

test('compatible query fields are offered for each Field, and the one of its name is suggested', async () => {
  const { body } = await api.call('POST', '/api/drafts/mapping', {
    warehouse: 'shop',
    query: 'select intercom_id, email, amount, true as yes from customers',
    target: 'support',
    object: 'contact',
    behavior: 'upsert',
  })
  const email = body.fields.find(({ field }: { field: string }) => field === 'email')
  assert.equal(email.suggested, 'email')
  const moments = body.fields.filter(({ columns }: { columns: string[] }) => !columns.includes('yes'))
  assert.ok(email.columns.includes('email') && moments.length > 0 && moments.length < body.fields.length)
  assert.ok(body.identifiers.find(({ field }: { field: string }) => field === 'email').columns.includes('email'))
  const tag = await api.call('POST', '/api/drafts/mapping', {
    warehouse: 'shop',
    query: 'select intercom_id, amount, 1.5::double as d from customers',
    target: 'support',
    object: 'contact_tag',
    behavior: 'attach',
  })
  assert.deepEqual([tag.body.identifiers[0].columns.includes('d'), tag.body.fields], [false, []])
})
