import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Pool } from 'pg'
import { dropStage, endOpenRuns } from '../store/runs/recover-runs.ts'
import type { RunLease } from '../store/snapshot/marks.ts'
import { savePresence } from '../store/snapshot/write-snapshot.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { openStage } from './stage.ts'
import { stagedLinks } from './staged-records.ts'

const keys = ['a', 'b', 'c']

/** A Run that read the same rows as the Run before it. */
async function runWithEntries(pool: Pool): Promise<RunLease> {
  const { rows } = await pool.query<{ activation: number; run: number }>(
    `with a as (insert into activation (name) values ('a') returning id), r as (
       insert into run (activation_id, status, worker, behavior, object, identifier) select id, 'comparing', 'w', 'mirror', 'thing_tag', 'id' from a returning id, activation_id)
     select r.id::int as run, r.activation_id::int as activation from r`,
  )
  const { activation: activationId = 0, run: runId = 0 } = rows[0] ?? {}
  await pool.query(
    `insert into snapshot (activation_id, key, group_id, state, run_id, managed) select $1, k, 'g1', 'synced', 1, 'yes' from unnest($2::text[]) as k`,
    [activationId, keys],
  )
  return { runId, activationId, attempt: 1 }
}

async function present(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ key: string }>('select key from snapshot where present order by key')
  return rows.map(({ key }) => key)
}

test('a Run that was taken over does not save that all rows are gone, although its Stage was deleted', async (t) => {
  const { pool } = await testDatabase(t)
  const lease = await runWithEntries(pool)
  const stage = openStage(pool, lease.runId, 'keys')
  await stage.add(['a', 'b'])
  const staged = stagedLinks(await stage.seal(), ['g1'])
  await savePresence(pool, lease, staged)
  assert.deepEqual(await present(pool), ['a', 'b'])

  const client = await pool.connect()
  await endOpenRuns(client, lease.activationId)
  client.release()
  await dropStage(pool, lease.runId)
  await savePresence(pool, lease, staged)
  assert.deepEqual(await present(pool), ['a', 'b'])
})

test('rows of a Stage that a frozen process has locked keep nobody waiting', async (t) => {
  const { pool } = await testDatabase(t)
  const lease = await runWithEntries(pool)
  const stage = openStage(pool, lease.runId, 'keys')
  await stage.add(keys)
  await stage.seal()
  const frozen = await pool.connect()
  await frozen.query('begin')
  await frozen.query(`update staged_row set aside = true where key = 'b'`)
  await dropStage(pool, lease.runId)
  await frozen.query('rollback')
  frozen.release()
  const left = await pool.query<{ key: string }>('select key from staged_row')
  assert.deepEqual(
    left.rows.map(({ key }) => key),
    ['b'],
  )
  await dropStage(pool, lease.runId)
  assert.equal((await pool.query('select from staged_row')).rowCount, 0)
})
