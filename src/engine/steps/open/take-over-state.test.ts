import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../../../targets/emulators.gen.ts'
import { Fault } from '../../../model/fault.ts'
import { intercomActivation, quietPorts } from '../../../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../../../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../../../testing/harness/test-database.ts'
import { planActivation } from '../../plan-activation.ts'
import { runActivation } from '../../run.ts'

const { startIntercomEmulator, contactId, contactEmail } = await emulators.intercom()
const database = await testDatabase()
after(() => database.close())
const ports = quietPorts(database.pool)

test('an identifier changes: a new Activation takes over the memory of the old one, and still knows whose each tag is', async (t) => {
  const intercom = await startIntercomEmulator({ contacts: 40, tags: ['VIP'] })
  t.after(() => intercom.close())
  // Contacts 1 to 5 were tagged manually.
  for (let index = 1; index <= 5; index += 1) intercom.world.attach('contact', index, 'VIP')
  const byId = simulateWarehouse()
  const byEmail = simulateWarehouse(['email'])
  const old = await intercomActivation(intercom, {
    name: 'by id',
    object: 'contact_tag',
    behavior: 'mirror',
    warehouse: byId,
    tags: ['VIP'],
  })
  const fresh = await intercomActivation(intercom, {
    name: 'by email',
    object: 'contact_tag',
    behavior: 'mirror',
    warehouse: byEmail,
    tags: ['VIP'],
    identifier: { field: 'email', column: 'email' },
    more: { adopts: 'by id' },
  })
  byId.rows = Array.from({ length: 30 }, (_, index) => contactId(index + 1))
  assert.equal((await runActivation(old, ports)).counts.delivered, 25)
  const before = intercom.requests.counters().writes

  // The Plan does not take the state over for good: it shows what the Run will do, and the old Activation still runs.
  byEmail.rows = Array.from({ length: 30 }, (_, index) => [contactEmail(index + 1)])
  const planned = await planActivation(fresh, ports, {}, (plan) => Promise.resolve(plan.report))
  assert.deepEqual([planned.lines.adds, planned.lines.removes, planned.counts.unchanged], [0, 0, 30])
  assert.equal((await runActivation(old, ports)).status, 'shelved')

  const first = await runActivation(fresh, ports)
  assert.deepEqual(
    [first.fault, first.status, first.counts.unchanged],
    [undefined, 'shelved', 30],
    first.fault?.message,
  )
  assert.ok(
    first.notices.some(({ words }) => words.includes('"by id": 30')),
    JSON.stringify(first.notices),
  )
  assert.equal(intercom.requests.counters().writes, before)

  // Contacts removed from the query lose the tag if it was managed (6 to 10), and keep it if it was external (1 to 5).
  byEmail.rows = Array.from({ length: 20 }, (_, index) => [contactEmail(index + 11)])
  const second = await runActivation(fresh, ports)
  assert.deepEqual([second.fault, second.counts.delivered], [undefined, 5], second.fault?.message)
  assert.deepEqual(
    [1, 5, 6, 10, 11].map((index) => intercom.world.tagsOn('contact', index).length),
    [1, 1, 0, 0, 1],
  )

  await assert.rejects(runActivation(old, ports), (error) => Fault.is(error) && error.code === 'memory-handed-over')
})

test('a memory of something else is not taken over', async (t) => {
  const intercom = await startIntercomEmulator({ contacts: 3, tags: ['VIP', 'Other'] })
  t.after(() => intercom.close())
  const warehouse = simulateWarehouse()
  warehouse.rows = [contactId(1)]
  await runActivation(
    await intercomActivation(intercom, {
      name: 'one',
      object: 'contact_tag',
      behavior: 'attach',
      warehouse,
      tags: ['VIP'],
    }),
    ports,
  )
  for (const [adopts, why] of [
    ['one', 'other tags'],
    ['none such', 'no state of'],
  ] as const) {
    const other = await intercomActivation(intercom, {
      name: `takes ${adopts}`,
      object: 'contact_tag',
      behavior: 'attach',
      warehouse,
      tags: ['Other'],
      more: { adopts },
    })
    const { fault } = await runActivation(other, ports)
    assert.equal(fault?.code, 'cannot-adopt')
    assert.ok(fault.message.includes(why), fault.message)
  }
  const { fault } = await runActivation(
    await intercomActivation(intercom, {
      name: 'one',
      object: 'contact_tag',
      behavior: 'attach',
      warehouse,
      tags: ['VIP'],
      more: { adopts: 'one' },
    }),
    ports,
  )
  assert.ok(fault?.message.includes('state of its own'), fault?.message)
  assert.deepEqual(intercom.world.tagsOn('contact', 1), ['VIP'])
})
