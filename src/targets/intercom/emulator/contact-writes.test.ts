import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admins, contactEmail, contactId } from './index.ts'
import { tryEmulator, type Loose } from './emulator.fixture.ts'

const owner = admins[0]!.id

test('a contact is created with what it is given, readable by id at once, and its e-mail in lower case', async (t) => {
  const { ask } = await tryEmulator(t, { contacts: 5, now: () => 1_800_000_000_000 })
  const given = {
    external_id: '9007199254740993',
    email: 'Ann@Shop.Example',
    name: 'Ann 🐘',
    phone: '+353',
    avatar: 'https://x.example/a.png',
    owner_id: owner,
    signed_up_at: 1_700_000_000,
    last_seen_at: 1_700_000_001,
    unsubscribed_from_emails: true,
    email_verified: true,
    custom_attributes: {
      paid_subscriber: true,
      plan: 'premium',
      monthly_value: 1.5,
      seats: 3,
      renewal_date: 1_700_000_002,
      notes: 'é'.repeat(5000),
    },
  }
  const { status, json: made } = await ask('POST', '/contacts', given)
  assert.equal(status, 200)
  const { email_verified: _unseen, ...shown } = {
    ...given,
    email: 'ann@shop.example',
    avatar: { type: 'avatar', image_url: given.avatar },
    role: 'user',
    created_at: 1_800_000_000,
    updated_at: 1_800_000_000,
  }
  assert.deepEqual(Object.fromEntries(Object.keys(shown).map((name) => [name, made[name]])), shown)
  assert.equal(made.id, contactId(6))
  assert.deepEqual((await ask('GET', `/contacts/${made.id}`)).json, made)
  assert.equal((await ask('GET', '/contacts/find_by_external_id/9007199254740993')).json.id, made.id)
})

const rejected: readonly [why: string, body: Loose, error: RegExp][] = [
  ['nothing that names it', { name: 'x' }, /^parameter_not_found/],
  [
    'an unknown custom attribute',
    { email: 'a@b.c', custom_attributes: { height: 1 } },
    /^parameter_invalid: Custom attribute 'height' does not exist$/,
  ],
  [
    'an owner who does not exist',
    { email: 'a@b.c', owner_id: 5 },
    /^parameter_invalid: The owner specified is not a member of the workspace$/,
  ],
  ['a number as name', { email: 'a@b.c', name: 1 }, /^parameter_invalid: name/],
  ['a number as external id', { external_id: 7 }, /^parameter_invalid: external_id/],
  ['a text as time', { email: 'a@b.c', signed_up_at: '2026-01-01' }, /^parameter_invalid: signed_up_at/],
  ['an unknown role', { role: 'admin' }, /^parameter_invalid: role/],
  [
    'email_verified without an e-mail',
    { external_id: 'x', email_verified: true },
    /^parameter_invalid: email_verified/,
  ],
  [
    'a text for an integer',
    { email: 'a@b.c', custom_attributes: { seats: '3' } },
    /^parameter_invalid: Custom attribute 'seats'/,
  ],
  ['a fraction for an integer', { email: 'a@b.c', custom_attributes: { seats: 1.5 } }, /^parameter_invalid/],
  ['a number for a text', { email: 'a@b.c', custom_attributes: { notes: 3 } }, /^parameter_invalid/],
  ['a text for a boolean', { email: 'a@b.c', custom_attributes: { paid_subscriber: 'yes' } }, /^parameter_invalid/],
  ['a list for custom attributes', { email: 'a@b.c', custom_attributes: [] }, /^parameter_invalid/],
]
for (const [why, body, error] of rejected) {
  test(`${why} refuses a contact whole`, async (t) => {
    const { emulator, ask } = await tryEmulator(t, { contacts: 5 })
    const reply = await ask('POST', '/contacts', body)
    assert.equal(reply.status, 400)
    assert.match(reply.error, error)
    assert.equal(emulator.world.summary().contacts, 5)
  })
}

test('email_verified is heard from 2.16 on, and neither a stray field nor an archived attribute is an error', async (t) => {
  const { ask } = await tryEmulator(t)
  const old = await ask('POST', '/contacts', { external_id: 'x', email_verified: true }, { 'intercom-version': '2.15' })
  assert.equal(old.status, 200)
  const stray = await ask('PUT', `/contacts/${old.json.id}`, {
    nickname: 'x',
    custom_attributes: { retired: 5, notes: 'y' },
  })
  assert.deepEqual([stray.status, stray.json.custom_attributes], [200, { notes: 'y' }])
})

test('a contact that stands in the way is named by its id; e-mails may be shared where external ids differ', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { contacts: 5 })
  const taken = (id: string) => `conflict: A contact matching those details already exists with id=${id}`
  assert.equal(
    (await ask('POST', '/contacts', { external_id: 'user-2', email: 'new@example.com' })).error,
    taken(contactId(2)),
  )
  const byEmail = await ask('POST', '/contacts', { email: contactEmail(3).toUpperCase() })
  assert.deepEqual([byEmail.status, byEmail.error], [409, taken(contactId(3))])
  const shared = await ask('POST', '/contacts', { external_id: 'own', email: contactEmail(3) })
  assert.equal(shared.status, 200)
  assert.equal((await ask('PUT', `/contacts/${shared.json.id}`, { external_id: 'user-4' })).error, taken(contactId(4)))
  assert.equal((await ask('PUT', `/contacts/${contactId(4)}`, { email: contactEmail(5) })).status, 200)

  const archived = (id: string) => `conflict: An archived contact matching those details already exists with id=${id}`
  emulator.world.archiveContact(1)
  assert.equal((await ask('POST', '/contacts', { external_id: 'user-1' })).error, archived(contactId(1)))
  assert.equal(
    (await ask('PUT', `/contacts/${shared.json.id}`, { external_id: 'user-1' })).error,
    archived(contactId(1)),
  )
})

test('an update changes what it names, merges custom attributes by key, and reads null as recorded', async (t) => {
  const { ask } = await tryEmulator(t, {
    contacts: [
      { id: 'c1', external_id: 'u1', email: 'a@b.c', phone: '1', custom_attributes: { seats: 2, notes: 'x' } },
    ],
  })
  const put = async (body: unknown) => (await ask('PUT', '/contacts/c1', body)).json
  const changed = await put({ name: 'New', custom_attributes: { notes: null, plan: 'free' } })
  assert.deepEqual(
    [changed.name, changed.phone, changed.custom_attributes],
    ['New', '1', { seats: 2, notes: null, plan: 'free' }],
  )
  const cleared = await put({ name: null, phone: null, email: null, external_id: null, owner_id: null })
  assert.deepEqual([cleared.name, cleared.phone, cleared.email, cleared.external_id], [null, null, '', 'u1'])
  assert.equal((await put({ external_id: 'u2' })).external_id, 'u2')
  assert.equal((await ask('GET', '/contacts/find_by_external_id/u1')).status, 404)
  assert.equal((await ask('PUT', '/contacts/c9', { name: 'x' })).error, 'not_found: User Not Found')
})

test('a lead has an external id of Intercom’s making, may share an e-mail, and can become a user, not the reverse', async (t) => {
  const { ask } = await tryEmulator(t, { contacts: 5 })
  const lead = (await ask('POST', '/contacts', { role: 'lead', external_id: 'mine', email: contactEmail(1) })).json
  assert.match(lead.external_id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.equal((await ask('GET', `/contacts/find_by_external_id/${lead.external_id}`)).status, 404, 'users only')
  assert.equal((await ask('PUT', `/contacts/${lead.id}`, { external_id: 'mine' })).json.external_id, lead.external_id)
  const user = await ask('PUT', `/contacts/${lead.id}`, { role: 'user', external_id: 'mine' })
  assert.deepEqual([user.json.role, user.json.external_id], ['user', 'mine'])
  assert.equal(
    (await ask('PUT', `/contacts/${lead.id}`, { role: 'lead' })).error,
    "client_error: Contact with user role can't be converted to a lead",
  )
})

test('lists and searches find contacts by their present values once the index has caught up', async (t) => {
  let now = 1_800_000_000_000
  const { ask } = await tryEmulator(t, { contacts: 5, indexLagMs: 60_000, now: () => now })
  const find = async (field: string, operator: string, value: unknown): Promise<string[]> =>
    (await ask('POST', '/contacts/search', { query: { field, operator, value } })).json.data.map(({ id }: Loose) => id)
  const { id } = (
    await ask('POST', '/contacts', {
      external_id: 'new',
      email: 'New@x.example',
      custom_attributes: { seats: 3, paid_subscriber: true },
    })
  ).json
  await ask('PUT', `/contacts/${contactId(1)}`, {
    external_id: 'moved',
    name: 'Moved',
    custom_attributes: { seats: 4 },
  })
  assert.deepEqual(await find('external_id', 'IN', ['new', 'moved', 'user-1']), [contactId(1)])
  assert.equal((await ask('GET', '/contacts')).json.total_count, 5)
  now += 60_000
  assert.equal((await ask('GET', '/contacts')).json.total_count, 6)
  assert.deepEqual(await find('external_id', 'IN', ['new', 'moved', 'user-1']), [contactId(1), id])
  assert.deepEqual(await find('external_id', '=', 'user-1'), [])
  assert.deepEqual(await find('email', '=', 'NEW@X.EXAMPLE'), [id])
  assert.deepEqual(await find('name', '=', 'Moved'), [contactId(1)])
  assert.deepEqual(await find('custom_attributes.seats', 'IN', [3, 4]), [contactId(1), id])
  assert.deepEqual(await find('custom_attributes.seats', 'NIN', [3, 4]), [2, 3, 4, 5].map(contactId))
  assert.deepEqual(await find('custom_attributes.paid_subscriber', '=', true), [id])
  assert.deepEqual(await find('custom_attributes.seats', '!=', 4), [...[2, 3, 4, 5].map(contactId), id])
  assert.match(
    (await ask('POST', '/contacts/search', { query: { field: 'custom_attributes.height', operator: '=', value: 1 } }))
      .error,
    /^invalid_field/,
  )
})
