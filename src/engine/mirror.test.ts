import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { intercomActivation, quietPorts } from '../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { runActivation } from './run.ts'

const { startIntercomEmulator, contactId, companyIntercomId } = await emulators.intercom()
const intercom = await startIntercomEmulator({
  contacts: 12_000,
  companies: 3000,
  tags: ['VIP', 'Gold', 'Silver', 'Copper', 'Iron', 'Tin'],
  limit: 1_000_000,
})
const database = await testDatabase()
after(async () => {
  await intercom.close()
  await database.close()
})
const ids = (from: number, to: number, idOf = contactId): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => idOf(from + index))

test('mirror takes off only what is ours: 5,000 members, 300 of them tagged by hand before and 100 in between', async () => {
  const warehouse = simulateWarehouse()
  const activation = await intercomActivation(intercom, {
    name: 'vip',
    object: 'contact_tag',
    behavior: 'mirror',
    warehouse,
    tags: ['VIP'],
  })
  for (let index = 1; index <= 300; index += 1) intercom.world.attach('contact', index, 'VIP')
  warehouse.rows = ids(1, 5000)
  const first = await runActivation(activation, quietPorts(database.pool))
  assert.deepEqual([first.counts.delivered, first.counts.alreadyInPlace], [4700, 300])

  for (let index = 6001; index <= 6050; index += 1) intercom.world.attach('contact', index, 'VIP')
  for (let index = 5001; index <= 5050; index += 1) intercom.world.attach('contact', index, 'VIP')
  warehouse.rows = ids(1, 5100)
  const second = await runActivation(activation, quietPorts(database.pool))
  assert.deepEqual([second.counts.delivered, second.counts.alreadyInPlace], [50, 50])

  // All but 1,000 are removed from the query. Of the removed ones, 300 and 50 were tagged manually.
  warehouse.rows = ids(2001, 3000)
  const third = await runActivation(activation, quietPorts(database.pool))
  assert.equal(third.fault, undefined, third.fault?.message)
  const left = new Set(intercom.world.members('VIP', 'contact'))
  const expected = [...ids(1, 300), ...ids(2001, 3000), ...ids(5001, 5050), ...ids(6001, 6050)]
  assert.deepEqual([...left].toSorted(), expected.toSorted())

  warehouse.rows = ids(2001, 3000)
  const quiet = await runActivation(activation, quietPorts(database.pool))
  assert.deepEqual([quiet.status, quiet.requests.write], ['shelved', 0])
})

test('mirror of companies takes off in calls of a hundred what left the query', async () => {
  const warehouse = simulateWarehouse()
  const activation = await intercomActivation(intercom, {
    name: 'gold',
    object: 'company_tag',
    behavior: 'mirror',
    warehouse,
    tags: ['Gold'],
  })
  warehouse.rows = ids(1, 1000, companyIntercomId)
  await runActivation(activation, quietPorts(database.pool))
  warehouse.rows = ids(501, 1200, companyIntercomId)
  intercom.requests.clear()
  const report = await runActivation(activation, quietPorts(database.pool))
  assert.equal(report.fault, undefined, report.fault?.message)
  assert.deepEqual(intercom.world.members('Gold', 'company').toSorted(), ids(501, 1200, companyIntercomId).toSorted())
  assert.ok(report.requests.write <= 7, `${report.requests.write} writes for 500 removals and 200 additions`)
})

test('a tag that a person took off is not put back', async () => {
  const warehouse = simulateWarehouse()
  const activation = await intercomActivation(intercom, {
    name: 'silver',
    object: 'contact_tag',
    behavior: 'mirror',
    warehouse,
    tags: ['Silver'],
  })
  warehouse.rows = ids(1, 10)
  await runActivation(activation, quietPorts(database.pool))
  intercom.world.detach('contact', 1, 'Silver')
  const next = await runActivation(activation, quietPorts(database.pool))
  assert.equal(next.requests.write, 0)
  assert.ok(!intercom.world.members('Silver', 'contact').includes(contactId(1)))
})

test('ownership: enforce takes the tag off everybody else, whoever put it there; adopt makes what is in place ours', async () => {
  for (const [ownership, tag, left] of [
    ['enforce', 'Iron', []],
    ['adopt', 'Tin', [9, 10]],
  ] as const) {
    const warehouse = simulateWarehouse()
    const activation = {
      ...(await intercomActivation(intercom, {
        name: tag,
        object: 'contact_tag',
        behavior: 'mirror',
        warehouse,
        tags: [tag],
      })),
      ownership,
    }
    for (const index of [1, 9, 10]) intercom.world.attach('contact', index, tag)
    warehouse.rows = ids(1, 5)
    await runActivation(activation, quietPorts(database.pool))
    assert.deepEqual(
      intercom.world.members(tag, 'contact').toSorted(),
      [...ids(1, 5), ...left.map(contactId)].toSorted(),
      ownership,
    )
    warehouse.rows = ids(2, 5)
    const report = await runActivation(activation, quietPorts(database.pool))
    assert.equal(report.fault, undefined, report.fault?.message)
    assert.deepEqual(
      intercom.world.members(tag, 'contact').toSorted(),
      [...ids(2, 5), ...left.map(contactId)].toSorted(),
      `${ownership}, after one left`,
    )
  }
})

test('an empty answer is refused as often as it comes: the first refusal does not open the door for the second', async () => {
  const warehouse = simulateWarehouse()
  const unguarded = await intercomActivation(intercom, {
    name: 'copper',
    object: 'contact_tag',
    behavior: 'mirror',
    warehouse,
    tags: ['Copper'],
  })
  const activation = {
    ...unguarded,
    limits: {
      adds: { share: 0.5 },
      removes: { share: 0.2 },
      invalid: { share: 0.05 },
      failures: { share: 0.1 },
      shrunk: { share: 0.5 },
    },
  }
  warehouse.rows = ids(1, 40)
  await runActivation(activation, quietPorts(database.pool))
  intercom.requests.clear()
  warehouse.rows = []
  for (const rows of [[], [], ids(1, 10), ids(1, 10)]) {
    warehouse.rows = rows
    const rejected = await runActivation(activation, quietPorts(database.pool))
    assert.deepEqual([rejected.status, rejected.fault?.kind, rejected.requests.write], ['blocked', 'blocked', 0])
  }
  assert.equal(intercom.world.members('Copper', 'contact').length, 40)
  warehouse.rows = []
  const allowed = await runActivation(activation, quietPorts(database.pool), { allow: ['empty', 'removes'] })
  assert.deepEqual([allowed.status, intercom.world.members('Copper', 'contact').length], ['completed', 0])
})

test('limits.population binds a first Run: too much of the workspace is refused before the first write', async () => {
  for (const [object, idOf, share] of [
    ['contact_tag', contactId, 100 / 12_000],
    ['company_tag', companyIntercomId, 100 / 3000],
    ['conversation_tag', String, 0.5],
  ] as const) {
    const warehouse = simulateWarehouse()
    const unguarded = await intercomActivation(intercom, {
      name: `much ${object}`,
      object,
      behavior: 'attach',
      warehouse,
      tags: ['Copper'],
    })
    const activation = { ...unguarded, limits: { ...unguarded.limits, population: { share } } }
    warehouse.rows = ids(1, 110, idOf)
    const rejected = await runActivation(activation, quietPorts(database.pool))
    assert.deepEqual(
      [rejected.status, rejected.fault?.code, rejected.requests.write],
      ['blocked', 'guard-population', 0],
      rejected.fault?.message,
    )
  }
})
