import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admins, companyId, companyIntercomId, contactId } from './index.ts'
import { tryEmulator } from './emulator.fixture.ts'

const there = { company_id: companyId(1) }
const missing = { company_id: 'nobody' }
const user = { id: contactId(1) }
const noUser = { id: contactId(9_999) }
const doneUser = { id: contactId(1), tagged: true }
const done = { id: companyIntercomId(1), tagged: true }

const invalid = 'parameter_invalid: invalid tag parameters'

const bulk = [
  { version: '2.14', list: { companies: [there] }, status: 200, arrays: undefined, linked: 1 },
  {
    version: '2.15',
    list: { companies: [there, missing] },
    status: 404,
    error: 'company_not_found: Company Not Found',
    linked: 0,
  },
  { version: '2.15', list: { users: [user, noUser] }, status: 404, error: 'not_found: User Not Found', linked: 0 },
  {
    version: '2.16',
    list: { companies: [there, missing] },
    status: 200,
    arrays: { users: [], companies: [done] },
    linked: 1,
  },
  { version: '2.16', list: { companies: [missing] }, status: 200, arrays: { users: [], companies: [] }, linked: 0 },
  {
    version: '2.16',
    list: { users: [noUser, user] },
    status: 200,
    arrays: { users: [doneUser], companies: [] },
    linked: 1,
  },
  {
    version: 'Preview',
    list: { companies: [missing, there] },
    status: 200,
    arrays: { users: [], companies: [done] },
    linked: 1,
  },
  { version: '2.16', list: { companies: [there], users: [user] }, status: 400, error: invalid, linked: 0, noTag: true },
]

for (const { version, list, status, error, arrays, linked, noTag } of bulk) {
  test(`POST /tags at ${version} with ${JSON.stringify(list)} answers ${status} and links ${linked}`, async (t) => {
    const { emulator, ask } = await tryEmulator(t)
    const reply = await ask('POST', '/tags', { name: 'New', ...list }, { 'intercom-version': version })
    assert.deepEqual([reply.status, reply.error], [status, error ?? ''])
    if (status === 200) {
      const { users, companies } = reply.json
      assert.deepEqual(users === undefined && companies === undefined ? undefined : { users, companies }, arrays)
    }
    const members = [...emulator.world.members('New', 'contact'), ...emulator.world.members('New', 'company')]
    assert.equal(members.length, linked)
    assert.equal(
      emulator.world.summary().tags.length,
      noTag ? 0 : 1,
      'the newly named tag stays, whatever becomes of the list',
    )
  })
}

test('untagging by POST /tags answers tagged: false, also when repeated', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { tagged: [{ tag: 'Big', companies: [1] }] })
  for (const _ of [1, 2]) {
    const { json } = await ask('POST', '/tags', { name: 'big', companies: [{ id: companyIntercomId(1), untag: true }] })
    assert.deepEqual(json.companies, [{ ...done, tagged: false }])
  }
  assert.deepEqual(emulator.world.members('Big', 'company'), [])
})

test('with bulkAnswer bare, 2.16 answers without its arrays and still does the work', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { bulkAnswer: 'bare' })
  const { json } = await ask('POST', '/tags', { name: 'Big', companies: [there, missing] })
  assert.deepEqual(Object.keys(json), ['type', 'id', 'name'])
  assert.equal(emulator.world.members('Big', 'company').length, 1)
})

test('contacts that are gone: archived and deleted 404, merged 410 with a Link from 2.16 on', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { tagged: [{ tag: 'A', contacts: [1, 2, 3] }] })
  emulator.world.archiveContact(1)
  emulator.world.deleteContact(2)
  emulator.world.mergeContact(3, 4)
  emulator.world.mergeContact(4, 5)
  const old = { 'intercom-version': '2.15' }
  for (const i of [1, 2])
    assert.equal((await ask('GET', `/contacts/${contactId(i)}`)).error, 'not_found: User Not Found')
  assert.equal((await ask('GET', `/contacts/${contactId(3)}`, undefined, old)).error, 'not_found: User Not Found')
  for (const path of [`/contacts/${contactId(3)}`, '/contacts/find_by_external_id/user-3']) {
    const { status, headers, error } = await ask('GET', path)
    assert.equal(status, 410)
    assert.match(error, /^contact_merged/)
    assert.equal(headers.link, `</contacts/${contactId(5)}>; rel="canonical"`)
  }
  assert.equal((await ask('POST', `/contacts/${contactId(3)}/tags`, { id: 101 })).error, 'not_found: User Not Found')
  const skipped = await ask('POST', '/tags', { name: 'A', users: [1, 2, 3, 6].map((i) => ({ id: contactId(i) })) })
  assert.deepEqual(skipped.json.users, [{ id: contactId(6), tagged: true }])

  const found = await ask('POST', '/contacts/search', { query: { field: 'tag_id', operator: '=', value: '101' } })
  assert.deepEqual(
    found.json.data.map(({ id }: { id: string }) => id),
    [contactId(5), contactId(6)],
    'merging carries the tag along',
  )
  emulator.world.unarchiveContact(1)
  assert.equal(
    (await ask('GET', `/contacts/${contactId(1)}`)).json.tags.total_count,
    1,
    'an archived contact keeps its tags',
  )
})

test('a contact’s owner is a number up to 2.15, and text from 2.16 on', async (t) => {
  const { ask } = await tryEmulator(t)
  const path = `/contacts/${contactId(10)}`
  const owner = async (version: string) =>
    (await ask('GET', path, undefined, { 'intercom-version': version })).json.owner_id
  assert.deepEqual([await owner('2.15'), await owner('2.16')], [Number(admins[0]!.id), admins[0]!.id])
})

test('versions are checked and echoed, and lack what came later', async (t) => {
  const { ask } = await tryEmulator(t, { defaultVersion: '2.13' })
  const at = (version: string, path: string) => ask('GET', path, undefined, { 'intercom-version': version })
  assert.equal((await at('2.16', '/me')).headers['intercom-version'], '2.16')
  assert.match((await at('3.0', '/me')).error, /^intercom_version_invalid/)
  assert.match((await at('1.4', '/me')).error, /^intercom_version_invalid/)
  assert.match((await at('2.12', '/contacts/find_by_external_id/user-1')).error, /^intercom_version_invalid/)
  assert.equal((await at('2.13', '/contacts/find_by_external_id/user-1')).status, 200)
})
