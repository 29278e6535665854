import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../../targets/emulators.gen.ts'
import { runActivation } from '../../engine/run.ts'
import { intercomActivation, quietPorts } from '../../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { findActivation } from '../project/activations.ts'
import { countOwnership } from './standing-figures.ts'

const { startIntercomEmulator, contactId } = await emulators.intercom()
const intercom = await startIntercomEmulator({ contacts: 100, tags: ['Owned'], limit: 1_000_000 })
const database = await testDatabase()
after(async () => {
  await intercom.close()
  await database.close()
})
const { pool } = database
const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => contactId(from + index))

test('whose the Records are, as each Run left it: what a Run without changes takes over, and what older versions did not note', async () => {
  const warehouse = simulateWarehouse()
  const activation = await intercomActivation(intercom, {
    name: 'owned',
    object: 'contact_tag',
    behavior: 'mirror',
    warehouse,
    tags: ['Owned'],
  })
  for (let index = 1; index <= 10; index += 1) intercom.world.attach('contact', index, 'Owned')
  intercom.world.catchUp()
  const run = async (rows: readonly string[]) => {
    warehouse.rows = rows
    const report = await runActivation(activation, quietPorts(pool))
    assert.equal(report.fault, undefined, report.fault?.message)
    const row = await findActivation(pool, 'owned')
    return { status: report.status, ...(await countOwnership(pool, row?.id ?? 0)) }
  }
  assert.deepEqual(await run(ids(1, 60)), { status: 'completed', managed: 50, external: 10, total: 60 })
  assert.deepEqual(await run(ids(1, 60)), { status: 'shelved', managed: 50, external: 10, total: 60 })
  assert.deepEqual(await run(ids(1, 40)), { status: 'completed', managed: 30, external: 10, total: 40 })

  await pool.query('update run set managed = null')
  const row = await findActivation(pool, 'owned')
  assert.deepEqual(await countOwnership(pool, row?.id ?? 0), { managed: 30, external: 10, total: 40 })
  assert.deepEqual(await run(ids(1, 40)), { status: 'shelved', managed: 30, external: 10, total: 40 })
})
