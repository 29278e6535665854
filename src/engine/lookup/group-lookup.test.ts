import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../../targets/emulators.gen.ts'
import { intercomActivation, quietPorts } from '../../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { runActivation } from '../run.ts'

const records = 100_000
const { startIntercomEmulator, contactId } = await emulators.intercom()
const intercom = await startIntercomEmulator({ contacts: records, tags: ['VIP', 'Few'], limit: 1_000_000 })
const database = await testDatabase()
after(async () => {
  await intercom.close()
  await database.close()
})

test('of 100,000 contacts 95,000 carry the tag: at most 700 reads and 101 writes, and all of them carry it', async () => {
  for (let index = 1; index <= 95_000; index += 1) intercom.world.attach('contact', index, 'VIP')
  const warehouse = simulateWarehouse()
  warehouse.rows = Array.from({ length: records }, (_, index) => contactId(index + 1))
  const report = await runActivation(
    await intercomActivation(intercom, {
      name: 'vip',
      object: 'contact_tag',
      behavior: 'attach',
      warehouse,
      tags: ['VIP'],
    }),
    quietPorts(database.pool),
  )
  assert.equal(report.fault, undefined, report.fault?.message)
  assert.deepEqual([report.counts.delivered, report.counts.alreadyInPlace], [5000, 95_000])
  assert.ok(report.requests.read <= 700 && report.requests.write <= 101, JSON.stringify(report.requests))
  assert.equal(intercom.world.members('VIP', 'contact').length, records)
})

test('a few of many are asked for by name rather than by listing everybody', async () => {
  const warehouse = simulateWarehouse()
  warehouse.rows = [contactId(1), contactId(2)]
  const report = await runActivation(
    await intercomActivation(intercom, {
      name: 'few',
      object: 'contact_tag',
      behavior: 'attach',
      warehouse,
      tags: ['Few'],
    }),
    quietPorts(database.pool),
  )
  assert.equal(report.counts.delivered, 2)
  assert.ok(report.requests.read <= 6, JSON.stringify(report.requests))
})
