import assert from 'node:assert/strict'
import { test } from 'node:test'
import { companyIntercomId, contactId } from './index.ts'
import { tryEmulator, type Ask, type Loose } from './emulator.fixture.ts'

const noToken = { authorization: '' }
const at = (ask: Ask, method: string, path: string, body?: unknown) => ask(method, `/_emulator${path}`, body, noToken)

test('over HTTP, without a token: change by hand, look, and go back to the seed', async (t) => {
  const { emulator, ask } = await tryEmulator(t, {
    tags: ['Old'],
    tagged: [{ tag: 'Paid Customer', conversations: [100, '101'] }],
  })
  await at(ask, 'POST', '/do', {
    do: 'attach',
    kind: 'company',
    things: ['company-2', companyIntercomId(3), 4],
    tag: 'Paid Customer',
  })
  await at(ask, 'POST', '/do', { do: 'rename-tag', tag: 'old', name: 'New' })
  await at(ask, 'POST', '/do', { do: 'archive-contact', contact: contactId(1) })
  assert.deepEqual((await at(ask, 'GET', '/tags/Paid%20Customer/companies')).json.ids, [2, 3, 4].map(companyIntercomId))
  assert.deepEqual((await at(ask, 'GET', '/tags/paid%20customer/conversations')).json.ids, ['100', '101'])
  const state = (await at(ask, 'GET', '/state')).json
  const names = state.tags.map(({ name }: { name: string }) => name)
  assert.deepEqual([state.contacts, state.archivedContacts, names], [999, 1, ['New', 'Paid Customer']])
  assert.equal(emulator.requests.counters().total, 0, 'looking is not counted')

  const fresh = (await at(ask, 'POST', '/reset', { contacts: 5 })).json
  assert.deepEqual([fresh.contacts, fresh.tags.length, fresh.tags[1].company], [5, 2, 0])
  assert.equal(emulator.world.summary().contacts, 5)
  assert.deepEqual(emulator.world.tagsOn('conversation', 100), ['Paid Customer'])
})

test('over HTTP: the log, its counters, and faults', async (t) => {
  const { ask } = await tryEmulator(t, { tags: ['A'] })
  await ask('POST', `/contacts/${contactId(1)}/tags`, { id: 101 })
  await ask('GET', '/nowhere')
  const fault = (await at(ask, 'POST', '/faults', { path: '/me', count: 1, effect: { type: 'status', status: 503 } }))
    .json
  assert.equal((await ask('GET', '/me')).status, 503)
  assert.equal((await ask('GET', '/me', undefined, { 'intercom-version': '2.15' })).status, 200)
  assert.equal((await at(ask, 'GET', '/faults')).json.faults[0].fired, 1)
  await at(ask, 'DELETE', `/faults/${fault.id}`)
  assert.deepEqual((await at(ask, 'GET', '/faults')).json.faults, [])

  const counters = (await at(ask, 'GET', '/requests')).json
  assert.deepEqual([counters.total, counters.reads, counters.writes, counters.withoutVersion], [4, 2, 1, 0])
  assert.deepEqual(counters.endpoints, {
    'POST /contacts/{contact_id}/tags': { requests: 1, statuses: { 200: 1 } },
    other: { requests: 1, statuses: { 404: 1 } },
    'GET /me': { requests: 2, statuses: { 200: 1, 503: 1 } },
  })
  const log = (await at(ask, 'GET', '/log')).json.requests
  assert.deepEqual(
    log.map(({ status, version, fault: by }: Loose) => [status, version, by]),
    [
      [200, '2.16', null],
      [404, '2.16', null],
      [503, '2.16', fault.id],
      [200, '2.15', null],
    ],
  )
  await at(ask, 'DELETE', '/requests')
  assert.equal((await at(ask, 'GET', '/requests')).json.total, 0)
})

test('over HTTP: contacts and companies whole, by each of their names, and changed by hand', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { contacts: 3, companies: 1 })
  const { id } = (
    await at(ask, 'POST', '/do', { do: 'create-contact', fields: { external_id: 'own/1', email: 'A@b.c' } })
  ).json
  await at(ask, 'POST', '/do', {
    do: 'change-contact',
    contact: id,
    fields: { name: 'Ann', custom_attributes: { seats: 2 } },
  })
  await at(ask, 'POST', '/do', { do: 'change-contact', contact: 2, fields: { email: 'a@b.c' } })
  await at(ask, 'POST', '/do', { do: 'archive-contact', contact: 2 })
  const contacts = async (path: string) =>
    (await at(ask, 'GET', `/contacts${path}`)).json.contacts.map((each: Loose) => [each.id, each.name, each.state])
  assert.deepEqual(await contacts(''), [[id, 'Ann', 'live']])
  assert.deepEqual(await contacts('/external_id/own%2F1'), [[id, 'Ann', 'live']])
  assert.deepEqual(await contacts('/email/a@B.c'), [
    [contactId(2), 'User 2', 'archived'],
    [id, 'Ann', 'live'],
  ])
  assert.deepEqual(await contacts(`/${contactId(2)}`), [[contactId(2), 'User 2', 'archived']])
  assert.deepEqual(await contacts('/nobody'), [])
  assert.equal(emulator.world.contact(id)?.custom_attributes.seats, 2)

  const company = (await at(ask, 'POST', '/do', { do: 'create-company', fields: { company_id: 'acme' } })).json
  await at(ask, 'POST', '/do', { do: 'change-company', company: 'acme', fields: { name: 'Acme' } })
  const companies = async (path: string) =>
    (await at(ask, 'GET', `/companies${path}`)).json.companies.map((each: Loose) => [each.id, each.name])
  assert.deepEqual(await companies(''), [[company.id, 'Acme']])
  assert.deepEqual(await companies('/company-1'), [[companyIntercomId(1), 'Company 1']])
  const rejected = await at(ask, 'POST', '/do', { do: 'create-contact', fields: { external_id: 'user-1' } })
  assert.match(rejected.json.error, /^conflict: A contact matching/)
  const { createdContacts, createdCompanies } = (await at(ask, 'GET', '/state')).json
  assert.deepEqual([createdContacts, createdCompanies, emulator.requests.counters().total], [1, 1, 0])
})

test('over HTTP: a workspace with attributes of its own', async (t) => {
  const { ask } = await tryEmulator(t)
  const seats = { model: 'contact', name: 'seats', type: 'string', archived: true }
  await at(ask, 'POST', '/reset', {
    attributes: [seats],
    contacts: [{ id: 'c1', role: 'lead', name: 'L', custom_attributes: { seats: 'x' } }],
  })
  assert.deepEqual(
    (await at(ask, 'GET', '/attributes/contact')).json.attributes.map((each: Loose) => [each.name, each.archived]),
    [['seats', true]],
  )
  assert.deepEqual((await at(ask, 'GET', '/attributes/company')).json.attributes, [])
  const { role, custom_attributes: custom } = (await ask('GET', '/contacts/c1')).json
  assert.deepEqual([role, custom], ['lead', { seats: 'x' }])
})

test('over HTTP: tokens and scopes', async (t) => {
  const { ask } = await tryEmulator(t)
  await at(ask, 'POST', '/do', { do: 'set-scopes', scopes: [] })
  assert.equal((await ask('GET', '/tags')).status, 403)
  await at(ask, 'POST', '/do', { do: 'revoke-token' })
  assert.equal((await ask('GET', '/tags')).status, 401)
})

test('wrong input is refused with a sentence that says what is wrong', async (t) => {
  const { ask } = await tryEmulator(t, { contacts: 5 })
  const wrong: readonly [method: string, path: string, body: unknown, status: number, error: RegExp][] = [
    ['POST', '/do', { do: 'attach', kind: 'contact', things: [6], tag: 'A' }, 400, /no contact 6 .* 5 contacts/],
    ['POST', '/do', { do: 'dance' }, 400, /do/],
    ['POST', '/faults', { effect: { type: 'slow' } }, 400, /effect\.ms/],
    ['POST', '/reset', { contact: 5 }, 400, /contact/],
    ['POST', '/reset', '{', 400, /JSON/],
    ['GET', '/tags/A/cows', undefined, 400, /contacts, companies/],
    ['GET', '/cows', undefined, 404, /unknown path/],
  ]
  for (const [method, path, body, status, error] of wrong) {
    const reply = await at(ask, method, path, body)
    assert.equal(reply.status, status, path)
    assert.match(reply.json.error, error)
  }
})
