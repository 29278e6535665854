import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../../targets/emulators.gen.ts'
import { poolCutAtQuery } from '../../testing/failures/cut-pools.ts'
import { intercomActivation, quietPorts } from '../../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { findActivation } from '../../store/project/activations.ts'
import { countOwnership } from '../../store/snapshot/standing-figures.ts'
import { runActivation } from '../run.ts'

const { startIntercomEmulator, contactId } = await emulators.intercom()
const database = await testDatabase()
after(() => database.close())

/** Ends the session that holds an Activation's lock, as a restarted server does. */
const endLockHolders = async () =>
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objsubid = 2 and granted and database = (select oid from pg_database where datname = current_database())`,
  )

test('what was sent and could not be written down is in doubt, and known as ours when it is found', async (t) => {
  const intercom = await startIntercomEmulator({ contacts: 30, tags: ['VIP'], limit: 1_000_000 })
  t.after(() => intercom.close())
  const warehouse = simulateWarehouse()
  warehouse.rows = Array.from({ length: 30 }, (_, index) => [contactId(index + 1)])
  const activation = await intercomActivation(intercom, {
    name: 'unsettled',
    object: 'contact_tag',
    behavior: 'mirror',
    tags: ['VIP'],
    delivery: 'single',
    warehouse,
  })
  const flaky = poolCutAtQuery(database.url, 'tailrace', (text) => text.includes('settled_at = now()'))
  t.after(() => flaky.pool.end())
  const lost = await runActivation(activation, quietPorts(flaky.pool))
  assert.ok(flaky.wasCut)
  assert.deepEqual([lost.status, lost.fault?.code, lost.fault?.kind], ['failed', 'database-unavailable', 'transient'])
  const sent = intercom.world.members('VIP', 'contact').length
  assert.ok(sent > 0)
  assert.ok(
    lost.counts.unconfirmed > 0 && lost.counts.delivered + lost.counts.unconfirmed >= sent,
    JSON.stringify(lost.counts),
  )

  intercom.world.catchUp()
  const next = await runActivation(activation, quietPorts(database.pool))
  assert.equal(next.fault, undefined, next.fault?.message)
  assert.equal(intercom.world.members('VIP', 'contact').length, 30)
  const row = await findActivation(database.pool, 'unsettled')
  assert.deepEqual(await countOwnership(database.pool, row?.id ?? 0), { managed: 30, external: 0, total: 30 })
  warehouse.rows = warehouse.rows.slice(0, 29)
  await runActivation({ ...activation, limits: { ...activation.limits, removes: 'off' } }, quietPorts(database.pool))
  assert.equal(intercom.world.members('VIP', 'contact').length, 29)
})

test('a Run whose lock was lost failed for a passing reason: nobody cancelled it', async (t) => {
  const intercom = await startIntercomEmulator({ contacts: 30, tags: ['VIP'], limit: 1_000_000 })
  t.after(() => intercom.close())
  const warehouse = simulateWarehouse()
  warehouse.rows = Array.from({ length: 30 }, (_, index) => [contactId(index + 1)])
  const activation = await intercomActivation(intercom, {
    name: 'lease',
    object: 'contact_tag',
    behavior: 'attach',
    tags: ['VIP'],
    delivery: 'single',
    concurrency: 1,
    warehouse,
  })
  intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'slow', ms: 30 } })
  const running = runActivation(activation, quietPorts(database.pool))
  while (intercom.world.members('VIP', 'contact').length < 3) await new Promise(setImmediate)
  await endLockHolders()
  const lost = await running
  intercom.faults.clear()
  assert.deepEqual([lost.status, lost.fault?.code, lost.fault?.kind], ['failed', 'lease-lost', 'transient'])
  assert.ok(lost.counts.onHold > 0)
  const next = await runActivation(activation, quietPorts(database.pool))
  assert.equal(next.fault, undefined, next.fault?.message)
  assert.equal(intercom.world.members('VIP', 'contact').length, 30)
})
