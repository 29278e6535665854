import assert from 'node:assert/strict'
import { test } from 'node:test'
import { companyIntercomId, contactId } from './index.ts'
import { tryEmulator, type Ask, type Loose } from './emulator.fixture.ts'

const noToken = { authorization: '' }
const at = (ask: Ask, method: string, path: string, body?: unknown) => ask(method, `/_emulator${path}`, body, noToken)

test('over HTTP, without a token: change by hand, look, and go back to the seed', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { tags: ['Old'], tagged: [{ tag: 'Paid Customer', conversations: [100, '101'] }] })
  await at(ask, 'POST', '/do', { do: 'attach', kind: 'company', things: ['company-2', companyIntercomId(3), 4], tag: 'Paid Customer' })
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
  const fault = (await at(ask, 'POST', '/faults', { path: '/me', count: 1, effect: { type: 'status', status: 503 } })).json
  assert.equal((await ask('GET', '/me')).status, 503)
  assert.equal((await ask('GET', '/me', undefined, { 'intercom-version': '2.15' })).status, 200)
  assert.equal((await at(ask, 'GET', '/faults')).json.faults[0].fired, 1)
  await at(ask, 'DELETE', `/faults/${fault.id}`)
  assert.deepEqual((await at(ask, 'GET', '/faults')).json.faults, [])

  const counters = (await at(ask, 'GET', '/requests')).json
  assert.deepEqual([counters.total, counters.reads, counters.writes, counters.withoutVersion], [4, 2, 1, 0])
  assert.deepEqual(counters.endpoints, {
    'POST /contacts/{contact_id}/tags': { requests: 1, statuses: { 200: 1 } },
    'other': { requests: 1, statuses: { 404: 1 } },
    'GET /me': { requests: 2, statuses: { 200: 1, 503: 1 } },
  })
  const log = (await at(ask, 'GET', '/log')).json.requests
  assert.deepEqual(log.map(({ status, version, fault: by }: Loose) => [status, version, by]), [
    [200, '2.16', null], [404, '2.16', null], [503, '2.16', fault.id], [200, '2.15', null],
  ])
  await at(ask, 'DELETE', '/requests')
  assert.equal((await at(ask, 'GET', '/requests')).json.total, 0)
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
