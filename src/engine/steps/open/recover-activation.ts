import type { Pool } from 'pg'
import type { Entry } from '../../../model/entry.ts'
import type { Key } from '../../../model/record.ts'
import { dropWork, endOpenRuns, readMarked } from '../../../store/runs/recover-runs.ts'
import { readEntries, readHistories, writeEntries } from '../../../store/snapshot/settlement.ts'
import { inTransaction } from '../../../store/database/transaction.ts'
import { noHistory } from '../../../rules/settlement/settle.ts'
import { interrupted } from '../../../rules/settlement/unconfirmed.ts'
import { asWriting } from '../../delivery/settle-answers.ts'

/**
 * Ends the Runs of an Activation whose process died, so that a stalled process can neither mark nor settle any more.
 * The caller holds the Activation's lock, so no process executes them. What they had marked and not settled becomes
 * unconfirmed in the Snapshot. Returns the number of these Records.
 */
export async function recoverRuns(pool: Pool, activationId: number): Promise<{ runs: number; unconfirmed: number }> {
  const { ids, unconfirmed } = await endRuns(pool, activationId)
  await dropWork(pool, activationId)
  return { runs: ids.length, unconfirmed }
}

/**
 * The same for a caller without the lock. Keeps the Stages and Plan lines of these Runs until the lock is taken,
 * because a process may still read them.
 */
export async function endRuns(pool: Pool, activationId: number): Promise<{ ids: readonly number[]; unconfirmed: number }> {
  return await inTransaction(pool, async (client) => {
    const ids = await endOpenRuns(client, activationId)
    const marked = ids.length === 0 ? [] : await readMarked(client, ids)
    if (marked.length === 0) return { ids, unconfirmed: 0 }
    const keys = [...new Set(marked.map(({ line }) => line.key))]
    const { entries } = await readEntries(client, activationId, keys)
    const histories = await readHistories(client, activationId, 0, new Map(keys.map((key) => [key, null])))
    const changed = new Map<Key, Entry>()
    for (const { runId, markedAt, line } of marked) {
      const { key } = line
      changed.set(key, interrupted(changed.get(key) ?? entries.get(key), asWriting(line), markedAt, histories.get(key) ?? noHistory, runId))
    }
    await writeEntries(client, activationId, [...changed].map(([key, entry]) => ({ key, entry })))
    return { ids, unconfirmed: changed.size }
  })
}
