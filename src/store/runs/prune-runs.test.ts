import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../../targets/emulators.gen.ts'
import { runActivation } from '../../engine/run.ts'
import { intercomActivation, quietPorts } from '../../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { pruneRuns } from './prune-runs.ts'

const { startIntercomEmulator, contactId } = await emulators.intercom()
const intercom = await startIntercomEmulator({ contacts: 200, tags: ['Old'], limit: 1_000_000 })
const database = await testDatabase()
after(async () => {
  await intercom.close()
  await database.close()
})
const { pool } = database
const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => contactId(from + index))
const numberOf = async (sql: string): Promise<number> =>
  Number((await pool.query<{ n: string }>(`select count(*) as n from ${sql}`)).rows[0]?.n)
const never = new AbortController().signal

test('old Runs go with their lines; what the Snapshot rests on stays, so that later Runs do the same as if nothing had gone', async () => {
  const warehouse = simulateWarehouse()
  const activation = await intercomActivation(intercom, {
    name: 'old',
    object: 'contact_tag',
    behavior: 'mirror',
    warehouse,
    tags: ['Old'],
  })
  for (let index = 1; index <= 10; index += 1) intercom.world.attach('contact', index, 'Old')
  const run = async (rows: readonly string[]) => {
    warehouse.rows = rows
    const report = await runActivation(activation, quietPorts(pool))
    assert.equal(report.fault, undefined, report.fault?.message)
    return report
  }
  await run([...ids(1, 100), 'stranger'])
  await run([...ids(1, 80), 'stranger'])
  const third = await run([...ids(1, 80), ...ids(101, 120), 'stranger'])
  for (let quiet = 0; quiet < 4; quiet += 1) await run([...ids(1, 80), ...ids(101, 120), 'stranger'])
  assert.equal(await pruneRuns(pool, 30, never), 0)

  await pool.query(
    `update run set started_at = started_at - interval '40 days', finished_at = finished_at - interval '40 days'`,
  )
  const before = await numberOf('ledger')
  assert.equal(await pruneRuns(pool, 30, never), 3)
  const gone = before - (await numberOf('ledger'))
  // Runs without changes are deleted completely. Of the others, the lines of the 20 Records that were added and removed
  // again are deleted, and the first line of "stranger".
  assert.ok(gone >= 40, `${gone} lines are gone`)
  assert.equal(await numberOf(`run where id = ${third.run}`), 1)
  assert.equal(await pruneRuns(pool, 30, never), 0)

  assert.equal((await run([...ids(1, 80), ...ids(101, 120), 'stranger'])).requests.write, 0)
  await run(ids(101, 120))
  assert.deepEqual(intercom.world.members('Old', 'contact').toSorted(), [...ids(1, 10), ...ids(101, 120)].toSorted())
})
