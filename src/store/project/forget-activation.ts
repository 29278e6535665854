import type { Pool } from 'pg'
import { groupTable } from '../snapshot/staged-records.ts'
import { forgetSnapshot } from '../snapshot/write-snapshot.ts'
import { dropStage } from '../runs/recover-runs.ts'
import { inTransaction } from '../database/transaction.ts'

/**
 * Deletes an Activation's state: Snapshot, Runs and Ledger. Nothing changes in the Target. The caller holds its lock.
 * If another Activation took over its state, that Activation keeps it.
 */
export async function forgetActivation(pool: Pool, id: number): Promise<void> {
  const { rows: stages } = await pool.query<{ name: string }>(
    `select 'stage_' || id as name from run where activation_id = $1 and to_regclass('stage_' || id) is not null`,
    [id],
  )
  for (const { name } of stages) await dropStage(pool, name)
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string }>('select id from run where activation_id = $1', [id])
    for (const run of rows)
      await client.query(`drop table if exists stage_${Number(run.id)}, ${groupTable(`stage_${Number(run.id)}`)}`)
    await client.query('delete from ledger where activation_id = $1', [id])
    await client.query('delete from operation where run_id in (select id from run where activation_id = $1)', [id])
    await forgetSnapshot(client, id)
    await client.query('delete from kept_read where activation_id = $1', [id])
    await client.query('delete from memory where scope = $1', [`activation:${id}`])
    await client.query('delete from activation where id = $1', [id])
  })
}
