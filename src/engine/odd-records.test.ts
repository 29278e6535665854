import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { readInvalidRows } from '../store/ledger/invalid-rows.ts'
import { readOutcomes } from '../store/ledger/ledger.ts'
import { intercomActivation, quietPorts, type IntercomCase } from '../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { runActivation } from './run.ts'

const { startIntercomEmulator } = await emulators.intercom()
const database = await testDatabase()
after(() => database.close())

/** The Outcome of each Record: its status and code, and its message. */
async function outcomesOf(run: number): Promise<Map<string, { is: string; words: string }>> {
  const outcomes = new Map<string, { is: string; words: string }>()
  for await (const page of readOutcomes(
    database.pool,
    run,
    ['delivered', 'in-place', 'rejected', 'on-hold', 'unconfirmed'],
    500,
  )) {
    for (const { key, status, code, message } of page)
      outcomes.set(key, { is: code === null ? status : `${status} ${code}`, words: message ?? '' })
  }
  for (const { key, code, message } of (await Array.fromAsync(readInvalidRows(database.pool, run))).flat())
    outcomes.set(key ?? '', { is: `invalid ${code}`, words: message })
  return outcomes
}

async function harness(
  testCase: Omit<IntercomCase, 'warehouse' | 'object'>,
  columns: Parameters<typeof simulateWarehouse>[0],
) {
  const intercom = await startIntercomEmulator({ contacts: 10, limit: 1_000_000 })
  const warehouse = simulateWarehouse(columns)
  return {
    intercom,
    warehouse,
    activation: await intercomActivation(intercom, { object: 'contact', ...testCase, warehouse }),
  }
}

test('each odd Record ends as it should, in words to act on, and the rest is delivered', async (t) => {
  const { intercom, warehouse, activation } = await harness(
    {
      name: 'odd',
      behavior: 'upsert',
      identifier: { field: 'external_id', column: 'id' },
      mapping: {
        email: 'email',
        name: 'name',
        owner_id: 'owner',
        'custom_attributes.seats': { from: { column: 'seats' }, as: 'integer' },
        'custom_attributes.notes': 'notes',
      },
    },
    [['id', 'text'], 'email', 'name', 'owner', 'seats', 'notes'],
  )
  t.after(() => intercom.close())
  const { world } = intercom
  world.createContact({ external_id: 'same-1', email: 'same@acme.test' })
  world.archiveContact(world.createContact({ external_id: 'archived', email: 'old@acme.test' }))
  const merged = world.createContact({ role: 'lead', email: 'lead@acme.test' })
  world.mergeContact(merged, world.createContact({ external_id: 'survivor', email: 'lead@acme.test' }))
  const long = 'ten kB of text '.repeat(700)
  warehouse.rows = [
    ['plain', 'plain@acme.test', 'Plain', null, '3', null],
    ['same-2', 'same@acme.test', 'The same e-mail as another user', null, '1', null],
    ['archived', 'old@acme.test', 'Archived twin', null, '1', null],
    ['survivor', 'lead@acme.test', 'Swallowed a lead', null, '1', null],
    ['no-owner', 'o@acme.test', 'Owner who is not there', '424242', '1', null],
    ['wrong-type', 'w@acme.test', 'Seats in words', null, 'three', null],
    ['9007199254740993', 'big@acme.test', 'An id above 2^53', null, '1', null],
    ['007', 'bond@acme.test', 'Zeros in front', null, '1', null],
    ['emoji 🦦', 'otter@acme.test', '🦦🌊', null, '1', null],
    ['long', 'long@acme.test', 'Long', null, '1', long],
    ['huge', 'huge@acme.test', 'More than a number holds', null, '9007199254740993', null],
  ]
  const report = await runActivation(activation, quietPorts(database.pool))
  assert.equal(report.fault, undefined, report.fault?.message)
  const outcomes = await outcomesOf(report.run)
  assert.deepEqual(Object.fromEntries([...outcomes].map(([key, { is }]) => [key, is])), {
    plain: 'delivered',
    'same-2': 'delivered',
    archived: 'rejected archived',
    survivor: 'delivered',
    'no-owner': 'rejected invalid-value',
    'wrong-type': 'invalid invalid-value',
    '9007199254740993': 'delivered',
    '007': 'delivered',
    'emoji 🦦': 'delivered',
    long: 'delivered',
    huge: 'invalid invalid-value',
  })
  const words = (key: string) => outcomes.get(key)?.words ?? ''
  assert.match(words('archived'), /archived contact .*\(id [0-9a-f]+\).*Unarchive .*archived: unarchive/)
  assert.match(words('no-owner'), /owner.*Field: owner_id.*teammate/)
  assert.match(words('wrong-type'), /Row 6.*"three".*custom_attributes\.seats/)
  assert.match(words('huge'), /9007199254740993/)
  assert.equal(world.contact({ external_id: '9007199254740993' })?.email, 'big@acme.test')
  assert.equal(world.contact({ external_id: '007' })?.name, 'Zeros in front')
  assert.equal(world.contact({ external_id: 'emoji 🦦' })?.name, '🦦🌊')
  assert.equal(world.contact({ external_id: 'long' })?.custom_attributes['notes'], long)
  assert.equal(report.status, 'completed with failures')
  // A permanent rejection is not sent again.
  const before = intercom.requests.counters().writes
  await runActivation(activation, quietPorts(database.pool))
  assert.equal(intercom.requests.counters().writes, before)
})

test('contacts by id: one that was merged says into which, one that was archived or never was says so', async (t) => {
  const { intercom, warehouse, activation } = await harness(
    { name: 'by id', behavior: 'update', mapping: { name: 'name' } },
    ['id', 'name'],
  )
  t.after(() => intercom.close())
  const { world } = intercom
  const [from, into, gone] = ['from', 'into', 'gone'].map((name) =>
    world.createContact({ external_id: name, email: `${name}@acme.test` }),
  )
  world.catchUp()
  warehouse.rows = [from, into, gone, '000000000000000000000000'].map((id) => [id ?? null, 'New name'])
  world.mergeContact(from ?? '', into ?? '')
  world.archiveContact(gone ?? '')
  const report = await runActivation(activation, quietPorts(database.pool))
  const outcomes = await outcomesOf(report.run)
  assert.deepEqual(
    [from, into, gone, '000000000000000000000000'].map((id) => outcomes.get(id ?? '')?.is),
    ['rejected not-found', 'delivered', 'rejected not-found', 'rejected not-found'],
  )
  assert.equal(world.contact(into ?? '')?.name, 'New name')
  assert.ok(outcomes.get(from ?? '')?.words.includes(`merged into ${into}`), outcomes.get(from ?? '')?.words)
})

test('several users of one e-mail: refused with the candidates, or all of them where the Activation says so', async (t) => {
  const { intercom, warehouse, activation } = await harness(
    {
      name: 'by e-mail',
      behavior: 'update',
      identifier: { field: 'email', column: 'email' },
      mapping: { name: 'name' },
    },
    ['email', 'name'],
  )
  t.after(() => intercom.close())
  const { world } = intercom
  const duplicates = ['a', 'b'].map((id) =>
    world.createContact({ external_id: id, email: 'shared@acme.test', name: `Twin ${id}` }),
  )
  warehouse.rows = [['Shared@ACME.test', 'Both']]
  const rejected = await runActivation(activation, quietPorts(database.pool))
  const { is, words } = (await outcomesOf(rejected.run)).get('shared@acme.test') ?? { is: '', words: '' }
  assert.equal(is, 'rejected ambiguous')
  for (const part of [...duplicates, 'Twin a', 'Twin b', 'matches: all'])
    assert.ok(words.includes(part), `${part} is not in: ${words}`)
  assert.equal(rejected.requests.write, 0)

  const all = await runActivation({ ...activation, name: 'by e-mail, all', matches: 'all' }, quietPorts(database.pool))
  assert.deepEqual([all.counts.planned, all.counts.delivered], [2, 2])
  assert.deepEqual(
    duplicates.map((id) => world.contact(id)?.name),
    ['Both', 'Both'],
  )
  const again = await runActivation(
    { ...activation, name: 'by e-mail, all', matches: 'all' },
    quietPorts(database.pool),
  )
  assert.deepEqual([again.status, again.requests.write], ['shelved', 0])
})

test('a custom attribute that Intercom does not have: said before anything is sent, or created where the Activation says so', async (t) => {
  const mapping = { email: 'email', 'custom_attributes.favourite_river': 'river' }
  const { intercom, warehouse, activation } = await harness(
    { name: 'rivers', behavior: 'upsert', identifier: { field: 'external_id', column: 'id' }, mapping },
    ['id', 'email', 'river'],
  )
  t.after(() => intercom.close())
  warehouse.rows = [['1', 'one@acme.test', 'Inn']]
  const rejected = await runActivation(activation, quietPorts(database.pool))
  assert.deepEqual([rejected.status, rejected.fault?.kind, rejected.requests.write], ['failed', 'config', 0])
  assert.match(rejected.fault?.message ?? '', /favourite_river/)
  const created = await runActivation(
    { ...activation, settings: { ...(activation.settings as object), createFields: true } },
    quietPorts(database.pool),
  )
  assert.deepEqual([created.fault, created.counts.delivered], [undefined, 1], created.fault?.message)
  assert.ok(
    created.notices.some(({ words }) => words.includes('favourite_river')),
    JSON.stringify(created.notices),
  )
  assert.equal(intercom.world.contact({ external_id: '1' })?.custom_attributes['favourite_river'], 'Inn')
})
