import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contactEmail, contactId } from './index.ts'
import { tryEmulator } from './emulator.fixture.ts'

const gone = 'not_found: User Not Found'

test('an archived contact is not found until it is unarchived, and stands in the way of its twin', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { contacts: 5, tagged: [{ tag: 'A', contacts: [1] }] })
  const path = `/contacts/${contactId(1)}`
  for (const _again of [1, 2]) {
    assert.deepEqual((await ask('POST', `${path}/archive`)).json, {
      type: 'contact',
      id: contactId(1),
      external_id: 'user-1',
      archived: true,
    })
  }
  assert.equal((await ask('GET', path)).error, gone)
  assert.equal((await ask('PUT', path, { name: 'x' })).error, gone)
  const duplicate = await ask('POST', '/contacts', { email: contactEmail(1) })
  assert.deepEqual(
    [duplicate.status, duplicate.error],
    [409, `conflict: An archived contact matching those details already exists with id=${contactId(1)}`],
  )
  assert.equal(emulator.world.contact(1)?.state, 'archived')
  assert.equal((await ask('POST', `${path}/unarchive`)).json.archived, false)
  assert.equal((await ask('GET', path)).json.tags.total_count, 1)
  assert.equal((await ask('POST', `/contacts/${contactId(9)}/archive`)).error, gone)
})

test('the e-mail of an archived lead may be used again', async (t) => {
  const { ask } = await tryEmulator(t, { contacts: 0 })
  const lead = (await ask('POST', '/contacts', { role: 'lead', email: 'a@b.c' })).json
  await ask('POST', `/contacts/${lead.id}/archive`)
  assert.equal((await ask('POST', '/contacts', { email: 'a@b.c' })).status, 200)
})

test('a deleted contact cannot come back, and blocks its twin only while it is on its way out', async (t) => {
  let now = 1_800_000_000_000
  const { emulator, ask } = await tryEmulator(t, { contacts: 5, now: () => now })
  const path = `/contacts/${contactId(1)}`
  assert.deepEqual((await ask('DELETE', path)).json, {
    type: 'contact',
    id: contactId(1),
    external_id: 'user-1',
    deleted: true,
  })
  assert.equal((await ask('GET', path)).error, gone)
  assert.equal((await ask('DELETE', path)).error, gone)
  assert.match(
    (await ask('POST', '/contacts', { external_id: 'user-1' })).error,
    /^conflict: An archived contact .* id=/,
  )
  const back = await ask('POST', `${path}/unarchive`)
  assert.deepEqual(
    [back.status, back.error],
    [400, 'bad_request: User has been marked for permanent deletion and is not restorable.'],
  )
  now += 60_000
  const again = await ask('POST', '/contacts', { external_id: 'user-1' })
  assert.deepEqual([again.status, again.json.id], [200, contactId(6)])
  assert.equal((await ask('GET', '/contacts/find_by_external_id/user-1')).json.id, contactId(6))
  assert.deepEqual(
    emulator.world.contacts({ external_id: 'user-1' }).map(({ state }) => state),
    ['deleted', 'live'],
  )
  assert.equal(emulator.world.contact({ external_id: 'user-1' })?.id, contactId(6))
})

test('a blocked contact is archived; versions before 2.13 cannot block', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { contacts: 5 })
  const path = `/contacts/${contactId(1)}/block`
  assert.match((await ask('POST', path, undefined, { 'intercom-version': '2.12' })).error, /^intercom_version_invalid/)
  assert.equal((await ask('POST', path)).json.blocked, true)
  assert.equal(emulator.world.contact(1)?.state, 'archived')
})

test('a lead is merged into a user, who takes over what it lacks; afterwards the lead is 404 up to 2.15, 410 from 2.16 on', async (t) => {
  const { emulator, ask } = await tryEmulator(t, {
    contacts: [
      {
        id: 'lead',
        role: 'lead',
        email: 'a@b.c',
        name: 'Lead',
        phone: '123',
        tags: ['A'],
        custom_attributes: { seats: 1, notes: 'lead' },
      },
      {
        id: 'user',
        external_id: 'u1',
        email: 'a@b.c',
        name: 'User',
        tags: ['B'],
        custom_attributes: { seats: 2, notes: null },
      },
    ],
  })
  const merged = (await ask('POST', '/contacts/merge', { from: 'lead', into: 'user' })).json
  assert.deepEqual(
    [merged.id, merged.name, merged.phone, merged.custom_attributes],
    ['user', 'User', '123', { seats: 2, notes: 'lead' }],
  )
  assert.deepEqual(emulator.world.tagsOn('contact', 'user'), ['B', 'A'])
  assert.equal((await ask('GET', '/contacts/lead', undefined, { 'intercom-version': '2.15' })).error, gone)
  const { status, headers } = await ask('GET', '/contacts/lead')
  assert.deepEqual([status, headers.link], [410, '</contacts/user>; rel="canonical"'])
  assert.equal((await ask('PUT', '/contacts/lead', { name: 'x' })).error, gone)
})

test('from 2.16 on only duplicates are merged unless told otherwise; leads are merged into users alone', async (t) => {
  const { ask } = await tryEmulator(t, {
    contacts: [{ id: 'lead', role: 'lead', email: 'a@b.c' }, { id: 'lead 2', role: 'lead' }, { id: 'user' }],
  })
  const merge = (body: object, version = '2.16') =>
    ask('POST', '/contacts/merge', body, { 'intercom-version': version })
  assert.match(
    (await merge({ from: 'lead', into: 'user' })).error,
    /^invalid_merge: Contacts can only be merged when they are duplicates/,
  )
  assert.match((await merge({ from: 'user', into: 'lead' })).error, /^invalid_merge/)
  assert.equal((await merge({ from: 'nobody', into: 'user' })).error, gone)
  assert.equal((await merge({ from: 'lead', into: 'user', skip_duplicate_validation: true })).json.email, 'a@b.c')
  assert.equal((await merge({ from: 'lead 2', into: 'user' }, '2.15')).status, 200)
})
