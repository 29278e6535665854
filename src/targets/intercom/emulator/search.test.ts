import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contactId, type IntercomEmulatorOptions } from './index.ts'
import { tryEmulator, type Ask } from './emulator.fixture.ts'

const seed: IntercomEmulatorOptions = {
  contacts: 30,
  leadEvery: 10,
  timezone: 'America/Los_Angeles',
  tagged: [
    { tag: 'A', contacts: [1, 2, 3, 10] },
    { tag: 'B', contacts: [2, 3], conversations: [4, 6] },
  ],
}
const is = (field: string, operator: string, value: unknown) => ({ field, operator, value })
const all = (...value: unknown[]) => ({ operator: 'AND', value })
const any = (...value: unknown[]) => ({ operator: 'OR', value })

async function numbers(ask: Ask, body: object, headers?: Record<string, string>): Promise<number[]> {
  const { json, text } = await ask('POST', '/contacts/search', { pagination: { per_page: 150 }, ...body }, headers)
  assert.ok(json.data, text)
  return json.data.map(({ id }: { id: string }) => Number.parseInt(id.slice(14), 16))
}

// Contact i was created at 1,690,000,000 + i: 21 July 2023, 21:26:40 in Los Angeles, 04:26:40 the next day in UTC.
const matching: readonly [name: string, query: object, found: number[]][] = [
  ['a single filter', is('tag_id', '=', '101'), [1, 2, 3, 10]],
  ['a tag id as a number', is('tag_id', '=', 102), [2, 3]],
  ['AND of two tags', all(is('tag_id', '=', '101'), is('tag_id', '!=', '102')), [1, 10]],
  [
    'a group within a group',
    all(is('role', '=', 'user'), any(is('tag_id', '=', '102'), is('external_id', '=', 'user-7'))),
    [2, 3, 7],
  ],
  [
    'IN external ids, unknown ones left out',
    is('external_id', 'IN', ['user-5', 'user-4', 'user-99', 'user-04']),
    [4, 5],
  ],
  ['email without case', is('email', '=', 'USER-6@example.com'), [6]],
  ['IN ids', is('id', 'IN', [contactId(8), 'nonsense']), [8]],
  ['leads', is('role', '=', 'lead'), [10, 20, 30]],
  ['contains', all(is('name', '~', 'user 2'), is('name', '!~', '0')), [2, 21, 22, 23, 24, 25, 26, 27, 28, 29]],
  ['starts and ends', all(is('name', '^', 'User 1'), is('email', '$', '9@example.com')), [19]],
  ['null', all(is('phone', '=', null), is('id', '=', contactId(1))), [1]],
  ['after the day of creation', is('created_at', '>', 1_690_000_001), []],
  ['after the day before', all(is('created_at', '>', 1_689_900_000), is('external_id', '=', 'user-1')), [1]],
  ['on the day, at another hour', all(is('created_at', '=', 1_689_960_000), is('external_id', '=', 'user-1')), [1]],
]

for (const [name, query, found] of matching) {
  test(`contact search: ${name}`, async (t) => {
    const { ask } = await tryEmulator(t, seed)
    assert.deepEqual(await numbers(ask, { query }), found)
  })
}

test('contact search compares dates by the workspace’s days up to 2.16, by UTC seconds in Preview', async (t) => {
  const { ask } = await tryEmulator(t, seed)
  const query = is('created_at', '>', 1_690_000_028)
  assert.deepEqual(await numbers(ask, { query }), [])
  assert.deepEqual(await numbers(ask, { query }, { 'intercom-version': 'Preview' }), [29, 30])
})

const rejected: readonly [name: string, body: object, error: RegExp][] = [
  ['an unknown field', { query: is('shoe_size', '=', 1) }, /^invalid_field/],
  ['an unknown custom attribute', { query: is('custom_attributes.x', '=', 1) }, /^invalid_field/],
  ['tag_id with IN', { query: is('tag_id', 'IN', ['101']) }, /^parameter_invalid.*operator/],
  ['a date with !=', { query: is('created_at', '!=', 1) }, /^parameter_invalid.*operator/],
  ['a number for a text', { query: is('external_id', '=', 70) }, /^parameter_invalid.*value/],
  ['IN without a list', { query: is('id', 'IN', 'x') }, /^parameter_invalid.*list/],
  ['three levels', { query: all(any(all(is('role', '=', 'user')))) }, /^parameter_invalid.*nested/],
  [
    'sixteen filters',
    { query: all(...Array.from({ length: 16 }, () => is('role', '=', 'user'))) },
    /^parameter_invalid.*15/,
  ],
  ['no query', {}, /^parameter_invalid/],
  [
    'a page above 150',
    { query: is('role', '=', 'user'), pagination: { per_page: 151 } },
    /^parameter_invalid: Per Page is too big/,
  ],
  [
    'a made-up cursor',
    { query: is('role', '=', 'user'), pagination: { starting_after: 'x' } },
    /^parameter_invalid.*cursor/,
  ],
  [
    'a wrong sort order',
    { query: is('role', '=', 'user'), sort: { field: 'name', order: 'up' } },
    /^invalid_sort_order/,
  ],
]

for (const [name, body, error] of rejected) {
  test(`contact search refuses ${name}`, async (t) => {
    const { ask } = await tryEmulator(t, seed)
    const reply = await ask('POST', '/contacts/search', body)
    assert.equal(reply.status, 400)
    assert.match(reply.error, error)
  })
}

test('pages of a sorted search hold every match once, also when matches leave in between', async (t) => {
  const { emulator, ask } = await tryEmulator(t, seed)
  const seen: string[] = []
  let starting_after: string | undefined
  do {
    const { json } = await ask('POST', '/contacts/search', {
      query: is('role', '=', 'user'),
      sort: { field: 'created_at', order: 'descending' },
      pagination: { per_page: 4, starting_after },
    })
    seen.push(...json.data.map(({ id }: { id: string }) => id))
    if (seen.length === 4) emulator.world.archiveContact(seen[3]!)
    starting_after = json.pages.next?.starting_after
  } while (starting_after !== undefined)
  const users = Array.from({ length: 30 }, (_, i) => 30 - i).filter((i) => i % 10 !== 0)
  assert.deepEqual(seen, users.map(contactId))
})

test('the default page of a search is 50, of a list 10; conversations 20, with exact times and all tags', async (t) => {
  const { ask } = await tryEmulator(t, { ...seed, contacts: 60 })
  assert.equal((await ask('POST', '/contacts/search', { query: is('role', '!=', 'x') })).json.data.length, 50)
  assert.equal((await ask('GET', '/contacts')).json.data.length, 10)
  assert.equal((await ask('GET', '/conversations')).json.conversations.length, 20)
  const search = async (query: object): Promise<string[]> => {
    const { json } = await ask('POST', '/conversations/search', { query })
    return json.conversations.map(({ id }: { id: string }) => id)
  }
  assert.deepEqual(await search(is('id', 'IN', [6, '4', '9999'])), ['4', '6'])
  assert.deepEqual(await search(is('tag_ids', 'IN', ['102'])), ['4', '6'])
  assert.deepEqual(await search(all(is('contact_ids', '=', contactId(3)), is('created_at', '>', 1_700_000_180))), [
    '63',
    '123',
    '183',
  ])
})
