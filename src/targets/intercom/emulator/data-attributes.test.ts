import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tryEmulator, type Ask, type Loose } from './emulator.fixture.ts'

async function listed(ask: Ask, query: string, version = '2.16'): Promise<Loose[]> {
  return (await ask('GET', `/data_attributes${query}`, undefined, { 'intercom-version': version })).json.data
}

test('standard and custom attributes are listed with their types and whether the API may write them', async (t) => {
  const { ask } = await tryEmulator(t)
  const contact = await listed(ask, '?model=contact')
  assert.deepEqual(
    contact
      .filter(({ custom, api_writable: writable }) => !custom && writable)
      .map(({ full_name: name }) => name)
      .sort(),
    [
      'avatar',
      'email',
      'external_id',
      'last_seen_at',
      'name',
      'owner_id',
      'phone',
      'role',
      'signed_up_at',
      'unsubscribed_from_emails',
    ],
  )
  const company = await listed(ask, '?model=company')
  assert.equal(company.find(({ full_name: name }) => name === 'company_id').api_writable, false)
  const custom = contact.filter((each) => each.custom)
  assert.deepEqual(
    custom.map(({ name, data_type: type }) => [name, type]),
    [
      ['paid_subscriber', 'boolean'],
      ['plan', 'string'],
      ['monthly_value', 'float'],
      ['seats', 'integer'],
      ['renewal_date', 'date'],
      ['notes', 'string'],
    ],
  )
  assert.deepEqual([custom[1].full_name, custom[1].options], ['custom_attributes.plan', ['free', 'basic', 'premium']])
  const archived = (await listed(ask, '?model=contact&include_archived=true')).filter((each) => each.archived)
  assert.deepEqual(
    archived.map(({ name }) => name),
    ['retired'],
  )
  assert.equal((await listed(ask, '')).length, contact.length + company.length)
})

test('conversations have attributes up to 2.15; from 2.16 on they are refused', async (t) => {
  const { ask } = await tryEmulator(t)
  assert.ok((await listed(ask, '?model=conversation', '2.15')).some(({ name, custom }) => custom && name === 'topic'))
  const rejected = await ask('GET', '/data_attributes?model=conversation')
  assert.deepEqual([rejected.status, rejected.error.split(':')[0]], [422, 'parameter_invalid'])
})

test('an attribute that is created can be written at once, and a list reads as text with options', async (t) => {
  const { ask } = await tryEmulator(t, { contacts: 1, now: () => 1_800_000_000_000 })
  const list = (
    await ask('POST', '/data_attributes', {
      name: 'Colour €',
      model: 'contact',
      data_type: 'options',
      options: [{ value: 'Red' }, { value: 'Blue' }],
    })
  ).json
  assert.deepEqual(
    [list.data_type, list.options, list.created_at, list.archived],
    ['string', ['Red', 'Blue'], 1_800_000_000, false],
  )
  const written = await ask('POST', '/contacts', { email: 'a@b.c', custom_attributes: { 'Colour €': 'Green' } })
  assert.equal(
    written.json.custom_attributes['Colour €'],
    'Green',
    'a value outside the options is not refused by default',
  )
  const changed = (
    await ask('PUT', `/data_attributes/${list.id}`, {
      description: 'x',
      options: [{ value: 'A' }, { value: 'B' }],
      archived: true,
    })
  ).json
  assert.deepEqual(
    [changed.description, changed.options, changed.archived, changed.data_type],
    ['x', ['A', 'B'], true, 'string'],
  )
  const ignored = await ask('PUT', `/contacts/${written.json.id}`, { custom_attributes: { 'Colour €': 'A' } })
  assert.equal(ignored.json.custom_attributes['Colour €'], 'Green')
})

test('with checkOptions, a value outside the options of a list is refused', async (t) => {
  const { ask } = await tryEmulator(t, { checkOptions: true })
  assert.match(
    (await ask('POST', '/contacts', { email: 'a@b.c', custom_attributes: { plan: 'gold' } })).error,
    /^parameter_invalid: .*'plan' must be one of free/,
  )
})

const rejected: readonly [method: string, path: string, body: Loose, status: number, error: RegExp][] = [
  [
    'POST',
    '/data_attributes',
    { name: 'x', model: 'ticket', data_type: 'string' },
    400,
    /model field must be either contact or company/,
  ],
  [
    'POST',
    '/data_attributes',
    { name: '!nv@l!d', model: 'contact', data_type: 'string' },
    400,
    /must only contain alphanumeric/,
  ],
  [
    'POST',
    '/data_attributes',
    { name: 'Seats', model: 'contact', data_type: 'string' },
    400,
    /already have 'Seats' in your people data/,
  ],
  [
    'POST',
    '/data_attributes',
    { name: 'own', model: 'contact', data_type: 'string' },
    400,
    /already have 'own' in your company data. To save this as new people data/,
  ],
  ['POST', '/data_attributes', { name: 'x', model: 'contact', data_type: 'mithril' }, 400, /Data Type isn't an option/],
  [
    'POST',
    '/data_attributes',
    { name: 'x', model: 'contact', data_type: 'options', options: [{ value: 'a' }] },
    400,
    /at least two options/,
  ],
  ['PUT', '/data_attributes/12878', { options: { value: 'a' } }, 400, /Options isn't an array/],
  ['PUT', '/data_attributes/1', { archived: true }, 404, /^field_not_found/],
  ['PUT', '/data_attributes/12878', { archived: true }, 422, /^data_invalid/],
]
for (const [method, path, body, status, error] of rejected) {
  test(`${method} ${path} ${JSON.stringify(body)} answers ${status}`, async (t) => {
    const { emulator, ask } = await tryEmulator(t, {
      attributes: [
        { model: 'contact', name: 'seats', type: 'string', options: ['1', '2'] },
        { model: 'company', name: 'own', type: 'integer' },
      ],
    })
    emulator.world.holdAttribute('contact', 'seats')
    const reply = await ask(method, path, body)
    assert.equal(reply.status, status)
    assert.match(reply.error, error)
  })
}
