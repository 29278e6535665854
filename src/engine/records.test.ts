import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../emulators/registry.gen.ts'
import type { Activation } from './activation.ts'
import { intercomActivation, quietPorts, type IntercomCase } from '../testing/intercom-activation.ts'
import { simulateWarehouse } from '../testing/simulated-warehouse.ts'
import { testDatabase } from '../testing/test-database.ts'
import { runActivation } from './run.ts'
import { verifyActivation } from './verify.ts'

const { startIntercomEmulator, contactEmail } = await emulators.intercom()
const database = await testDatabase()
after(() => database.close())

async function stand(options: Parameters<typeof startIntercomEmulator>[0], kase: Omit<IntercomCase, 'warehouse'>, columns: Parameters<typeof simulateWarehouse>[0]) {
  const intercom = await startIntercomEmulator({ limit: 1_000_000, ...options })
  const warehouse = simulateWarehouse(columns)
  const activation: Activation = await intercomActivation(intercom, { ...kase, warehouse })
  return { intercom, warehouse, activation, run: (change: Partial<Activation> = {}) => runActivation({ ...activation, ...change }, quietPorts(database.pool)) }
}

test('10,000 contacts upserted by external_id, then 1 % changed: exactly 100 writes; an unchanged Run: none', async (t) => {
  const { intercom, warehouse, run } = await stand({ contacts: 0 }, {
    name: 'upsert 10,000', object: 'contact', behavior: 'upsert', identifier: { field: 'external_id', column: 'id' }, mapping: { email: 'email', name: 'name' },
  }, ['id', 'email', 'name'])
  t.after(() => intercom.close())
  const rows = Array.from({ length: 10_000 }, (_, index) => [`ext ${index}`, `p${index}@acme.test`, `Person ${index}`])
  warehouse.rows = rows
  const first = await run()
  assert.equal(first.fault, undefined, first.fault?.message)
  assert.deepEqual([first.counts.delivered, first.requests.write], [10_000, 10_000])
  warehouse.rows = rows.map((row, index) => index % 100 === 0 ? [row[0] ?? '', row[1] ?? '', `Renamed ${index}`] : row)
  const second = await run()
  assert.equal(second.fault, undefined, second.fault?.message)
  assert.deepEqual([second.counts.changed, second.counts.delivered, second.requests.write], [100, 100, 100])
  const third = await run()
  assert.deepEqual([third.status, third.requests.write], ['shelved', 0])
})

test('a tag Activation keyed by e-mail: 10,000 rows are found in at most 80 look-up calls, and tagged in 200', async (t) => {
  const { intercom, warehouse, run } = await stand({ contacts: 10_000, tags: ['VIP'] }, {
    name: 'tag by email', object: 'contact_tag', behavior: 'attach', tags: ['VIP'], identifier: { field: 'email', column: 'email' },
  }, ['email'])
  t.after(() => intercom.close())
  // As people type them.
  warehouse.rows = Array.from({ length: 10_000 }, (_, index) => [` ${contactEmail(index + 1).toUpperCase()} `])
  const report = await run()
  assert.equal(report.fault, undefined, report.fault?.message)
  assert.deepEqual([report.counts.delivered, report.requests.write], [10_000, 200])
  const lookups = intercom.requests.counters()
  assert.ok(report.requests.read <= 80, JSON.stringify([report.requests, lookups]))
  assert.equal(intercom.world.members('VIP', 'contact').length, 10_000)
  const again = await run()
  assert.deepEqual([again.status, again.requests.write], ['shelved', 0])
})

test('what Intercom keeps in another form is held as it keeps it: it has not drifted, and is not sent again', async (t) => {
  const { intercom, warehouse, activation, run } = await stand({ contacts: 0 }, {
    name: 'other forms', object: 'contact', behavior: 'upsert', identifier: { field: 'external_id', column: 'id' }, mapping: { email: 'email', phone: 'phone' },
  }, ['id', 'email', 'phone'])
  t.after(() => intercom.close())
  warehouse.rows = [['1', 'Jane@Acme.test', '+1 (555) 0100']]
  assert.equal((await run()).counts.delivered, 1)
  const verified = await verifyActivation(activation, quietPorts(database.pool), { repair: false })
  assert.deepEqual(verified?.verified, { confirmed: 1, pending: 0, missing: 0 })
  intercom.world.changeContact(1, { phone: '+1 555 9999' })
  const drifted = await verifyActivation(activation, quietPorts(database.pool), { repair: false })
  assert.deepEqual(drifted?.verified, { confirmed: 0, pending: 0, missing: 1 })
})
