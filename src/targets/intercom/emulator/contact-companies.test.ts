import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IntercomClient } from 'intercom-client'
import { admins, companyIntercomId, contactId, ticketId } from './index.ts'
import { tryEmulator, type Ask, type Loose } from './emulator.fixture.ts'

const companiesOf = (contact: number): string => `/contacts/${contactId(contact)}/companies`
const ids = ({ data }: Loose): string[] => data.map(({ id }: Loose) => id)
const inside = async (ask: Ask, contact: number) => (await ask('GET', `/contacts/${contactId(contact)}`)).json.companies

test('contacts join and leave companies, the one they began with too, in their order', async (t) => {
  const {
    emulator: { world },
    ask,
  } = await tryEmulator(t, { contacts: 4, companies: 3 })
  const [one, two, three] = [1, 2, 3].map(companyIntercomId)
  assert.equal((await ask('POST', companiesOf(1), { id: three })).json.user_count, 2)
  assert.equal((await ask('POST', companiesOf(1), { id: two })).json.id, two)
  // Doing it again changes nothing.
  assert.equal((await ask('POST', companiesOf(1), { id: three })).status, 200)
  assert.deepEqual(ids((await ask('GET', companiesOf(1))).json), [one, three, two])
  assert.equal((await ask('DELETE', `${companiesOf(1)}/${one}`)).json.user_count, 1)
  assert.equal((await ask('DELETE', `${companiesOf(1)}/${one}`)).error, 'company_not_found: Company Not Found')
  assert.equal((await ask('POST', companiesOf(1), { id: one })).status, 200)
  assert.deepEqual(world.companiesOf(1), [three, two, one])
  assert.deepEqual(ids(await inside(ask, 1)), [three, two, one])
  assert.deepEqual(ids((await ask('GET', `/companies/${one}/contacts`)).json), [contactId(1), contactId(4)])
  world.deleteCompany(3)
  world.archiveContact(4)
  assert.deepEqual(world.companiesOf(1), [two, one])
  assert.deepEqual(ids((await ask('GET', `/companies/${one}/contacts`)).json), [contactId(1)])
  assert.equal((await ask('POST', companiesOf(4), { id: two })).error, 'not_found: User Not Found')
  assert.equal((await ask('POST', companiesOf(1), {})).error, 'parameter_not_found: company not specified')
})

test('a contact is in 1,000 companies at most; it shows ten, and its list goes by pages of fifty', async (t) => {
  const {
    emulator: { world },
    ask,
  } = await tryEmulator(t, { contacts: 1, companies: 1002 })
  for (let i = 2; i <= 1000; i += 1) world.join(1, i)
  assert.equal(
    (await ask('POST', companiesOf(1), { id: companyIntercomId(1001) })).error,
    'contact_company_limit_exceeded: Contact has reached the maximum of 1000 company associations',
  )
  assert.equal((await ask('POST', companiesOf(1), { id: companyIntercomId(7) })).status, 200)
  const { data, total_count: total, has_more: more } = await inside(ask, 1)
  assert.deepEqual([data.length, total, more], [10, 1000, true])
  const seen: string[] = []
  for (let next: string | null = companiesOf(1); next !== null;) {
    const { json } = await ask('GET', next.replace(/^https:\/\/[^/]+/, ''))
    seen.push(...ids(json))
    next = json.pages.next
  }
  assert.deepEqual([seen.length, new Set(seen).size, seen.at(-1)], [1000, 1000, companyIntercomId(1000)])
  assert.equal((await ask('DELETE', `${companiesOf(1)}/${companyIntercomId(7)}`)).status, 200)
  assert.equal((await ask('POST', companiesOf(1), { id: companyIntercomId(1001) })).status, 200)
})

test('a company that somebody joins is no longer hidden; its contacts are listed behind the index', async (t) => {
  let now = 1_800_000_000_000
  const { ask } = await tryEmulator(t, { contacts: 2, companies: 3, indexLagMs: 60_000, now: () => now })
  const listed = async (): Promise<unknown> => (await ask('POST', '/companies/list')).json.total_count
  const contacts = async (): Promise<string[]> =>
    ids((await ask('GET', `/companies/${companyIntercomId(3)}/contacts?per_page=1`)).json)
  assert.equal((await ask('POST', companiesOf(2), { id: companyIntercomId(3) })).status, 200)
  assert.deepEqual([await listed(), await contacts()], [2, []])
  assert.deepEqual(ids((await ask('GET', companiesOf(2))).json), [companyIntercomId(2), companyIntercomId(3)])
  now += 60_000
  assert.deepEqual([await listed(), await contacts()], [3, [contactId(2)]])
})

test('the official SDK links contacts with companies, and tags tickets', async (t) => {
  const { emulator } = await tryEmulator(t, { contacts: 2, companies: 2, tickets: 1, tags: ['VIP'] })
  const client = new IntercomClient({ token: emulator.token, baseUrl: emulator.url, maxRetries: 0 })
  const linked = { contact_id: contactId(1), id: companyIntercomId(2) }
  assert.equal((await client.companies.attachContact(linked)).id, companyIntercomId(2))
  assert.deepEqual(emulator.world.companiesOf(1), [1, 2].map(companyIntercomId))
  await client.companies.detachContact({ contact_id: contactId(1), company_id: companyIntercomId(2) })
  assert.deepEqual(emulator.world.companiesOf(1), [companyIntercomId(1)])
  await client.tags.tagTicket({ ticket_id: ticketId(1), id: '101', admin_id: admins[0]!.id })
  assert.deepEqual(emulator.world.tagsOn('ticket', ticketId(1)), ['VIP'])
  const ticket = await client.tickets.get({ ticket_id: ticketId(1) })
  assert.deepEqual([ticket?.id, ticket !== undefined && 'tags' in ticket], [ticketId(1), false])
  const beneath = await client.conversations.find({ conversation_id: ticketId(1) })
  assert.deepEqual(
    beneath.tags?.tags?.map(({ name }) => name),
    ['VIP'],
  )
})
