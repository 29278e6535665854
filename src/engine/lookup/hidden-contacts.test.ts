import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { emulators } from '../../targets/emulators.gen.ts'
import type { Activation } from '../activation.ts'
import { intercomActivation, quietPorts } from '../../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { runActivation } from '../run.ts'

const { startIntercomEmulator } = await emulators.intercom()
const database = await testDatabase()
after(() => database.close())

/** Contacts found by external_id, otherwise by email. The phone is set only if it is empty. */
async function harness(t: TestContext, name: string, more: Partial<Activation> = {}) {
  const intercom = await startIntercomEmulator({ limit: 1_000_000, contacts: 0 })
  t.after(() => intercom.close())
  const warehouse = simulateWarehouse(['id', 'email', 'name', 'phone'])
  const activation = await intercomActivation(intercom, {
    name,
    object: 'contact',
    behavior: 'upsert',
    warehouse,
    identifier: { field: 'external_id', column: 'id' },
    settings: { archived: 'unarchive' },
    mapping: { name: 'name', phone: { from: { column: 'phone' }, onlyIfEmpty: true } },
    more: { fallbacks: [{ field: 'email', column: 'email' }], ...more },
  })
  return {
    world: intercom.world,
    warehouse,
    async run() {
      const report = await runActivation(activation, quietPorts(database.pool))
      assert.equal(report.fault, undefined, report.fault?.message)
      return report
    },
  }
}

test('a contact that is made for a row without the first identifier does not get the name of its Record as one', async (t) => {
  const { world, warehouse, run } = await harness(t, 'by the second')
  warehouse.rows = [[null, 'jane@acme.test', 'Jane', null]]
  await run()
  const jane = world.contact({ email: 'jane@acme.test' })
  assert.deepEqual([jane?.name, jane?.external_id], ['Jane', null])
})

test('what is set only where nothing is stays as it is where the search does not show the contact', async (t) => {
  const { world, warehouse, run } = await harness(t, 'hidden')
  world.archiveContact(world.createContact({ external_id: 'jane', phone: '+4915112345678' }))
  world.archiveContact(world.createContact({ external_id: 'joe' }))
  warehouse.rows = [
    ['jane', 'jane@acme.test', 'Jane', '+4930111111'],
    ['joe', 'joe@acme.test', 'Joe', '+4930222222'],
  ]
  const report = await run()
  assert.equal(report.counts.delivered, 2)
  const [jane, joe] = [world.contact({ external_id: 'jane' }), world.contact({ external_id: 'joe' })]
  assert.deepEqual([jane?.state, jane?.name, jane?.phone], ['live', 'Jane', '+4915112345678'])
  assert.deepEqual([joe?.state, joe?.name, joe?.phone], ['live', 'Joe', '+4930222222'])
})

test('a row names the contact of its first identifier, also where one of the second was taken for it before', async (t) => {
  const { world, warehouse, run } = await harness(t, 'in order')
  world.createContact({ email: 'jane@acme.test', name: 'By email' })
  world.catchUp()
  warehouse.rows = [['jane', 'jane@acme.test', 'Jane', null]]
  await run()
  assert.equal(world.contact({ email: 'jane@acme.test' })?.name, 'Jane')
  world.createContact({ external_id: 'jane', name: 'By external_id' })
  world.catchUp()
  warehouse.rows = [['jane', 'jane@acme.test', 'Jane II', null]]
  await run()
  assert.deepEqual(
    [world.contact({ external_id: 'jane' })?.name, world.contact({ email: 'jane@acme.test' })?.name],
    ['Jane II', 'Jane'],
  )
})
