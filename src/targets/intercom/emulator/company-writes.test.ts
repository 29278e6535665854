import assert from 'node:assert/strict'
import { test } from 'node:test'
import { companyId, companyIntercomId, contactId } from './index.ts'
import { tryEmulator, type Loose } from './emulator.fixture.ts'

test('POST /companies creates and updates by company_id, without saying which it did', async (t) => {
  let now = 1_800_000_000_000
  const { emulator, ask } = await tryEmulator(t, { companies: 2, now: () => now })
  const given = {
    company_id: 'acme',
    name: 'Acme',
    plan: 'Enterprise',
    size: 85,
    website: 'https://acme.example',
    industry: 'Rockets',
    monthly_spend: 155.98,
    remote_created_at: 1_374_138_000,
    custom_attributes: { paid_subscriber: true, seats: 2 },
  }
  const made = await ask('POST', '/companies', given)
  assert.equal(made.status, 200)
  const shown = {
    ...given,
    monthly_spend: 155,
    plan: { type: 'plan', id: '1', name: 'Enterprise' },
    last_request_at: null,
    user_count: 0,
    id: companyIntercomId(3),
    created_at: 1_800_000_000,
    updated_at: 1_800_000_000,
  }
  assert.deepEqual(Object.fromEntries(Object.keys(shown).map((name) => [name, made.json[name]])), shown)
  now += 1000
  const changed = (
    await ask('POST', '/companies', { company_id: 'acme', name: 'Acme Ltd', custom_attributes: { seats: 3 } })
  ).json
  assert.deepEqual(
    [changed.id, changed.name, changed.size, changed.custom_attributes, changed.created_at, changed.updated_at],
    [made.json.id, 'Acme Ltd', 85, { paid_subscriber: true, seats: 3 }, 1_800_000_000, 1_800_000_001],
  )
  assert.equal((await ask('POST', '/companies', { company_id: companyId(1), size: 5 })).json.id, companyIntercomId(1))
  assert.equal((await ask('POST', '/companies', { company_id: 'b', plan: 'Basic' })).json.plan.id, '2')
  assert.deepEqual(
    emulator.world.createdCompanies().map(({ company_id }) => company_id),
    ['acme', 'b'],
  )
  assert.equal(emulator.world.company('acme')?.name, 'Acme Ltd')
  assert.equal((await ask('GET', '/companies?name=Acme%20Ltd')).json.company_id, 'acme')
})

const rejected: readonly [body: Loose, error: RegExp][] = [
  [{ company_id: 'a', test: 1 }, /^bad_request: bad 'test' parameter$/],
  [{ company_id: 'a', tags: [] }, /^bad_request: bad 'tags' parameter$/],
  [{ name: 'No id' }, /^parameter_not_found: company_id/],
  [
    { company_id: 'a', custom_attributes: { height: 1 } },
    /^parameter_invalid: Custom attribute 'height' does not exist$/,
  ],
  [{ company_id: 'a', custom_attributes: { seats: 'two' } }, /^parameter_invalid: Custom attribute 'seats'/],
  [{ company_id: 'a', monthly_spend: 2_147_483_648 }, /^parameter_invalid: monthly_spend/],
  [{ company_id: 'a', monthly_spend: '5' }, /^parameter_invalid: monthly_spend/],
  [{ company_id: 'a', size: 1.5 }, /^parameter_invalid: size/],
  [{ company_id: 'a', name: 5 }, /^parameter_invalid: name/],
  [{ company_id: 5 }, /^parameter_invalid: company_id/],
]
for (const [body, error] of rejected) {
  test(`POST /companies ${JSON.stringify(body)} is refused whole`, async (t) => {
    const { emulator, ask } = await tryEmulator(t)
    const reply = await ask('POST', '/companies', body)
    assert.equal(reply.status, 400)
    assert.match(reply.error, error)
    assert.equal(emulator.world.summary().createdCompanies, 0)
  })
}

test('update_last_request_at is heard from 2.16 on, and is a bad parameter before', async (t) => {
  const { ask } = await tryEmulator(t, { now: () => 1_800_000_000_000 })
  const body = { company_id: 'a', update_last_request_at: true }
  assert.match(
    (await ask('POST', '/companies', body, { 'intercom-version': '2.15' })).error,
    /bad 'update_last_request_at' parameter/,
  )
  assert.equal((await ask('POST', '/companies', body)).json.last_request_at, 1_800_000_000)
})

test('PUT and DELETE name a company by its Intercom id; its company_id is free again after a deletion', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { contacts: 4, companies: 2, indexLagMs: 60_000 })
  const path = `/companies/${companyIntercomId(1)}`
  assert.equal((await ask('PUT', path, { name: 'New', plan: 'Pro' })).json.plan.name, 'Pro')
  assert.equal((await ask('PUT', path, { plan: null })).json.plan.name, undefined)
  assert.match((await ask('PUT', path, { company_id: 'x' })).error, /bad 'company_id' parameter/)
  assert.equal((await ask('PUT', '/companies/company-1', { name: 'x' })).error, 'company_not_found: Company Not Found')
  assert.deepEqual((await ask('DELETE', path)).json, { id: companyIntercomId(1), object: 'company', deleted: true })
  assert.equal((await ask('DELETE', path)).error, 'company_not_found: Company Not Found')
  assert.equal((await ask('GET', `/contacts/${contactId(1)}`)).json.companies.total_count, 0)
  assert.equal((await ask('POST', '/companies/list')).json.total_count, 2, 'lists are behind')
  emulator.world.catchUp()
  assert.equal((await ask('POST', '/companies/list')).json.total_count, 1)
  assert.equal((await ask('POST', '/companies', { company_id: companyId(1) })).json.id, companyIntercomId(3))
  assert.equal(emulator.world.company(companyId(1))?.state, 'live')
})

test('a created company can be tagged at once, and is in lists and scrolls as soon as somebody is in it', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { contacts: 2, companies: 2 })
  const { id } = (await ask('POST', '/companies', { company_id: 'acme' })).json
  const tagged = await ask('POST', '/tags', { name: 'A', companies: [{ company_id: 'acme' }] })
  assert.deepEqual(tagged.json.companies, [{ id, tagged: true }])
  const listed = async (): Promise<string[]> =>
    (await ask('POST', '/companies/list')).json.data.map((each: Loose) => each.company_id)
  assert.deepEqual(await listed(), ['company-2', 'company-1'])
  emulator.world.join(1, 'acme')
  assert.deepEqual(await listed(), ['acme', 'company-2', 'company-1'])
  assert.deepEqual(
    (await ask('GET', '/companies/scroll')).json.data.map((each: Loose) => each.company_id),
    ['company-1', 'company-2', 'acme'],
  )
  assert.equal((await ask('GET', `/companies?tag_id=${tagged.json.id}`)).json.total_count, 1)
})

test('a race of two creations can be had as a fault', async (t) => {
  const { emulator, ask } = await tryEmulator(t)
  const effect = {
    type: 'status',
    status: 400,
    code: 'unique_company_constraint',
    message: 'Company already exists.',
  } as const
  emulator.faults.add({ method: 'POST', path: '/companies', nth: 1, effect })
  assert.equal(
    (await ask('POST', '/companies', { company_id: 'a' })).error,
    'unique_company_constraint: Company already exists.',
  )
  assert.equal((await ask('POST', '/companies', { company_id: 'a' })).status, 200)
})
