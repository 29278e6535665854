import assert from 'node:assert/strict'
import { test } from 'node:test'
import { companyId, companyIntercomId, contactId } from './index.ts'
import { tryEmulator, type Ask } from './emulator.fixture.ts'

async function listed(ask: Ask, path: string, method = 'GET'): Promise<string[]> {
  return (await ask(method, path)).json.data.map((company: { company_id: string }) => company.company_id)
}

test('companies without contacts are hidden from lists, yet can be read and tagged', async (t) => {
  const { emulator, ask } = await tryEmulator(t, {
    contacts: 2,
    companies: 4,
    tagged: [{ tag: 'A', companies: [1, 3] }],
  })
  assert.deepEqual(await listed(ask, '/companies/list?order=asc', 'POST'), ['company-1', 'company-2'])
  assert.deepEqual(await listed(ask, '/companies/scroll'), ['company-1', 'company-2'])
  assert.deepEqual(await listed(ask, '/companies?tag_id=101'), ['company-1'])
  assert.equal((await ask('GET', `/companies/${companyIntercomId(3)}`)).json.tags.tags[0].name, 'A')
  assert.equal((await ask('GET', '/companies?name=Company%204')).json.company_id, companyId(4))
  assert.equal(
    (await ask('POST', '/tags', { name: 'A', companies: [{ company_id: companyId(4) }] })).json.companies.length,
    1,
  )
  emulator.world.archiveContact(1)
  assert.deepEqual(await listed(ask, '/companies?tag_id=101'), [])
})

test('a deleted company is missing by every name', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { tagged: [{ tag: 'A', companies: [1] }] })
  emulator.world.deleteCompany(companyId(1))
  for (const path of [
    `/companies/${companyIntercomId(1)}`,
    '/companies?company_id=company-1',
    '/companies?name=Company%201',
  ]) {
    assert.equal((await ask('GET', path)).error, 'company_not_found: Company Not Found')
  }
  assert.deepEqual(
    (await ask('POST', '/tags', { name: 'A', companies: [{ id: companyIntercomId(1) }] })).json.companies,
    [],
  )
  assert.deepEqual(emulator.world.members('A', 'company'), [])
})

test('lists page by number, 15 by default and 60 at most, and stop at 10,000 companies', async (t) => {
  const { ask } = await tryEmulator(t, { contacts: 100, companies: 100 })
  const first = (await ask('POST', '/companies/list')).json
  assert.deepEqual([first.data.length, first.data[0].company_id, first.pages.total_pages], [15, 'company-100', 7])
  assert.match(first.pages.next, /\/companies\/list\?page=2$/)
  const last = (await ask('POST', '/companies/list?page=7')).json
  assert.deepEqual([last.data.length, last.pages.next], [10, null])
  assert.equal((await ask('POST', '/companies/list?per_page=61')).status, 400)
  assert.equal(
    (await ask('POST', '/companies/list?page=167&per_page=60')).error,
    'bad_request: page limit reached, please use scroll API',
  )
})

test('one scroll at a time: it walks all companies, ends with an empty page and expires after a minute', async (t) => {
  let now = 0
  const { ask } = await tryEmulator(t, { contacts: 150, companies: 150, now: () => now })
  const begun = (await ask('GET', '/companies/scroll')).json
  assert.match((await ask('GET', '/companies/scroll')).error, /^scroll_exists/)
  const next = `/companies/scroll?scroll_param=${begun.scroll_param}`
  assert.equal(begun.data.length, 100)
  assert.equal((await listed(ask, next)).length, 50)
  assert.equal((await listed(ask, next)).length, 0)
  assert.equal((await ask('GET', '/companies/scroll')).status, 200, 'the empty page ended it')
  now += 60_000
  assert.equal((await ask('GET', '/companies/scroll')).status, 200, 'the one before has expired')
})

test('inside a contact are ten tags at most, without names; its list of tags is complete', async (t) => {
  const tags = Array.from({ length: 12 }, (_, i) => `Tag ${i}`)
  const { ask } = await tryEmulator(t, { tagged: tags.map((tag) => ({ tag, contacts: [1] })) })
  const inside = (await ask('GET', `/contacts/${contactId(1)}`)).json.tags
  assert.deepEqual([inside.data.length, inside.total_count, inside.has_more], [10, 12, true])
  assert.deepEqual(inside.data[0], { type: 'tag', id: '101', url: '/tags/101' })
  const complete = (await ask('GET', inside.url)).json
  assert.deepEqual(
    complete.data.map(({ name }: { name: string }) => name),
    tags,
  )
  assert.equal(complete.pages, undefined)
})
