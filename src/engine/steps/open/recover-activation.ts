import type { Pool } from 'pg'
import type { Entry } from '../../../model/entry.ts'
import { refName, type RecordRef } from '../../../model/record.ts'
import { dropWork, endOpenRuns, hasLeftovers, readMarked } from '../../../store/runs/recover-runs.ts'
import { readEntries, readHistories } from '../../../store/snapshot/read-entries.ts'
import { writeEntries } from '../../../store/snapshot/write-snapshot.ts'
import { inTransaction } from '../../../store/database/transaction.ts'
import { noHistory } from '../../../rules/settlement/settled-line.ts'
import { interrupted } from '../../../rules/settlement/unconfirmed.ts'
import { asWriting } from '../../delivery/settle-answers.ts'

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
    const marked = ids.length === 0 ? [] : await readMarked(client, ids)
    if (marked.length === 0) return { ids, unconfirmed: 0 }
    const records = [
      ...new Map(
        marked.map(({ line: { key, group } }) => [refName({ key, group }), { key, group, targetId: null }]),
      ).values(),
    ]
    const { entries } = await readEntries(client, activationId, records)
    const histories = await readHistories(client, activationId, 0, records)
    const changed = new Map<string, RecordRef & { readonly entry: Entry }>()
    for (const { runId, markedAt, line } of marked) {
      const name = refName(line)
      const before = changed.get(name)?.entry ?? entries.get(name)
      changed.set(name, {
        key: line.key,
        group: line.group,
        entry: interrupted(before, asWriting(line), markedAt, histories.get(name) ?? noHistory, runId),
      })
    }
    await writeEntries(client, activationId, [...changed.values()])
    return { ids, unconfirmed: changed.size }
  })
}
