import type { Pool } from 'pg'
import { groupTable, stageTable } from '../snapshot/staged-records.ts'
import { forgetSnapshot } from '../snapshot/write-snapshot.ts'
import { dropStage, findStages } from '../runs/recover-runs.ts'
import { inTransaction } from '../database/transaction.ts'

/**
 * Deletes an Activation's state: Snapshot, Runs and Ledger. Nothing changes in the Target. The caller holds its lock.
 * If another Activation took over its state, that Activation keeps it.
 */
export async function forgetActivation(pool: Pool, id: number): Promise<void> {
  const staged = await findStages(pool, id)
  for (const runId of staged) await dropStage(pool, runId)
  await inTransaction(pool, async (client) => {
    // One that was still read is dropped now, after a wait: nothing would find it later.
    for (const runId of staged) await client.query(`drop table if exists ${stageTable(runId)}, ${groupTable(runId)}`)
    await client.query('delete from ledger where activation_id = $1', [id])
    await client.query('delete from operation where run_id in (select id from run where activation_id = $1)', [id])
    await forgetSnapshot(client, id)
    await client.query('delete from kept_read where activation_id = $1', [id])
    await client.query('delete from memory where scope = $1', [`activation:${id}`])
    await client.query('delete from activation where id = $1', [id])
  })
}
