import type { Pool } from 'pg'
import { countOutcomes } from '../../../store/ledger/ledger.ts'
import { inTransaction } from '../../../store/database/transaction.ts'
import { countUnanswered, dropWork, endOpenRuns, hasLeftovers } from '../../../store/runs/recover-runs.ts'
import { recountRun } from '../../../store/runs/runs.ts'
import { writeInterrupted } from '../../delivery/write-interrupted.ts'

/**
 * Ends the Runs of an Activation whose process died, so that a stalled process can neither mark nor settle any more.
 * The caller holds the Activation's lock, so no process executes them. What they had marked and not settled becomes
 * unconfirmed in the Snapshot. Returns the number of these Records.
 */
export async function recoverRuns(pool: Pool, activationId: number): Promise<{ runs: number; unconfirmed: number }> {
  // Most Runs end by themselves: one statement finds that out.
  if (!(await hasLeftovers(pool, activationId))) return { runs: 0, unconfirmed: 0 }
  const { ids, unconfirmed } = await endRuns(pool, activationId)
  await dropWork(pool, activationId)
  return { runs: ids.length, unconfirmed }
}

/**
 * The same for a caller without the lock. Keeps the Stages and Plan lines of these Runs until the lock is taken,
 * because a process may still read them.
 */
export async function endRuns(
  pool: Pool,
  activationId: number,
): Promise<{ ids: readonly number[]; unconfirmed: number }> {
  return await inTransaction(pool, async (client) => {
    const ids = await endOpenRuns(client, activationId)
    const unconfirmed = await writeInterrupted(client, activationId, ids)
    // The Ledger says what these Runs did. Without this, their counts would say that they delivered nothing.
    for (const id of ids)
      await recountRun(client, id, await countOutcomes(client, id), await countUnanswered(client, id))
    return { ids, unconfirmed }
  })
}
