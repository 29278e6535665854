import assert from 'node:assert/strict'
import { test } from 'node:test'
import { targets } from '../../targets/registry.gen.ts'
import { canary, tryApi } from '../api.fixture.ts'

/** Intercom, as if a workspace could have custom objects: they work like contacts. */
async function targetWithCustomObjects() {
  const spec = await targets['intercom']!()
  const contact = spec.objects.find(({ id }) => id === 'contact')!
  return {
    ...spec,
    id: 'custom',
    name: 'Custom',
    customObjects: {
      object: (id: string) => (id.startsWith('my_') ? { ...contact, id, label: id } : undefined),
      async list(io: Parameters<typeof spec.check>[0]) {
        const { accountId } = await spec.identify(io)
        return [{ id: 'my_pets', label: `Pets of ${accountId.slice(0, 8)}` }]
      },
    },
  }
}

const api = await tryApi({ targets: { custom: targetWithCustomObjects } })
await api.duckdb('select 1')
await api.connect()
const save = async (name: string, token: string) => {
  const config = { token, baseUrl: api.intercom.url }
  const made = await api.call('POST', '/api/targets', { name, type: 'custom', untested: true, config })
  assert.equal(made.status, 201, made.text)
}
await save('zoo', canary)
await save('locked', 'no-such-token')

test('the custom objects of an account are offered after those of every account', async () => {
  const { body } = await api.call('GET', '/api/targets/zoo/objects')
  assert.deepEqual(body.items.at(-1).id, 'my_pets')
  assert.match(body.items.at(-1).label, /^Pets of emulated/)
  assert.equal(body.items[0].id, 'contact')
  assert.equal(body.customTrouble, null)
})

test('without the account, the objects of every account are offered, with the reason', async () => {
  const { status, body } = await api.call('GET', '/api/targets/locked/objects')
  assert.equal(status, 200)
  assert.equal(body.customTrouble.code, 'unauthorized')
  assert.equal(
    body.items.some(({ id }: { id: string }) => id === 'my_pets'),
    false,
  )
  assert.equal((await api.call('GET', '/api/targets/locked')).body.health.state, 'bad')
})

test('an activation may name a custom object, whose fields come from the account', async () => {
  const fields = await api.call('GET', '/api/targets/zoo/objects/my_pets/fields')
  assert.ok(fields.body.items.some(({ name }: { name: string }) => name === 'email'))
  const config = {
    warehouse: 'shop',
    query: 'select intercom_id, email from customers',
    target: 'zoo',
    object: 'my_pets',
    behavior: 'upsert',
    identifier: { field: 'external_id', column: 'intercom_id' },
    mapping: { email: 'email' },
  }
  const made = await api.call('POST', '/api/activations', { name: 'pets', config })
  assert.equal(made.status, 201, made.text)
  const wrong = await api.call('POST', '/api/activations', { name: 'typo', config: { ...config, object: 'pets' } })
  assert.equal(wrong.status, 422)
  assert.match(wrong.body.errors[0].detail, /no object of Custom "pets"/)
})
