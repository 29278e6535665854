import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tryEmulator, type Loose } from './emulator.fixture.ts'

const listed = {
  contacts: [{ id: 'c1', external_id: 'u1', email: 'Ann@shop.example', tags: ['VIP'] }, { id: 'c 2/3' }],
  companies: [
    { company_id: 'acme', tags: ['Key Account'] },
    { id: 'x9', company_id: 'globex', contacts: 0 },
  ],
  conversations: [{ id: '700', tags: ['VIP'] }, { id: 'talk' }],
}
const search = (field: string, operator: string, value: unknown) => ({ query: { field, operator, value } })
const idsOf = ({ json }: Loose): string[] => (json.data ?? json.conversations).map(({ id }: { id: string }) => id)

test('things that are listed have the ids they were given, and nothing else is there', async (t) => {
  const {
    emulator: { world },
    ask,
  } = await tryEmulator(t, listed)
  const { contacts, companies, conversations } = world.summary()
  assert.deepEqual([contacts, companies, conversations], [2, 2, 2])
  const contact = (await ask('GET', '/contacts/c1')).json
  assert.deepEqual(
    [contact.id, contact.external_id, contact.email, contact.email_domain],
    ['c1', 'u1', 'ann@shop.example', 'shop.example'],
  )
  assert.equal((await ask('GET', '/contacts/c%202%2F3')).json.external_id, null)
  assert.equal((await ask('GET', '/contacts/find_by_external_id/u1')).json.id, 'c1')
  assert.deepEqual(
    ['intercom-acme', 'acme'],
    [
      (await ask('GET', '/companies?company_id=acme')).json.id,
      (await ask('GET', '/companies/intercom-acme')).json.company_id,
    ],
  )
  assert.equal((await ask('GET', '/companies?name=globex')).json.id, 'x9')
  assert.deepEqual(
    idsOf(await ask('POST', '/companies/list')),
    ['intercom-acme'],
    'without contacts a company is in no list',
  )
  assert.deepEqual(idsOf(await ask('POST', '/contacts/search', search('id', 'IN', ['c 2/3', 'c1', 'c9']))), [
    'c1',
    'c 2/3',
  ])
  assert.deepEqual(idsOf(await ask('POST', '/conversations/search', search('id', 'IN', ['talk', 700, '7']))), [
    '700',
    'talk',
  ])
  for (const path of [
    '/contacts/user-1',
    '/contacts/6762f0dd1bb69f0000000001',
    '/companies/company-1',
    '/conversations/1',
  ]) {
    assert.equal((await ask('GET', path)).status, 404, path)
  }
})

test('listed things carry their tags since the day before; they are tagged, counted and reset like others', async (t) => {
  const {
    emulator: { world },
    ask,
  } = await tryEmulator(t, { ...listed, now: () => 1_700_000_000_000 })
  const [vip] = (await ask('GET', '/contacts/c1/tags')).json.data
  assert.deepEqual([vip.name, vip.applied_at], ['VIP', 1_700_000_000 - 86_400])
  assert.deepEqual(
    [world.tagsOn('company', 'acme'), world.tagsOn('company', 'intercom-acme')],
    [['Key Account'], ['Key Account']],
  )
  const bulk = await ask('POST', '/tags', { name: 'VIP', users: [{ id: 'c 2/3' }, { id: 'nobody' }] })
  assert.deepEqual(bulk.json.users, [{ id: 'c 2/3', tagged: true }])
  assert.deepEqual([world.members('VIP', 'contact'), world.members('VIP', 'conversation')], [['c1', 'c 2/3'], ['700']])

  const reset = await ask('POST', '/_emulator/reset', { contacts: [{ id: 'only', tags: ['New'] }], companies: 3 })
  assert.deepEqual([reset.json.contacts, reset.json.companies, world.members('New', 'contact')], [1, 3, ['only']])
  assert.match((await ask('POST', '/_emulator/reset', { contacts: [{ name: 'x' }] })).json.error, /contacts/)
})
