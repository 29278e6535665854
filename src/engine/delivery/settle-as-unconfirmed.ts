import type { Pool } from 'pg'
import { readLines } from '../../store/plans/operations.ts'
import type { RunLease } from '../../store/snapshot/marks.ts'
import { readUnsettled } from '../../store/snapshot/marks.ts'
import { settleBatches } from './settle-answers.ts'

/**
 * Settles as unconfirmed what was marked and never settled because the control database failed. It may have been sent,
 * so the next Run reads it before anything else.
 */
export async function settleAsUnconfirmed(pool: Pool, lease: RunLease): Promise<void> {
  for (const batch of await readUnsettled(pool, lease)) {
    await settleBatches(pool, lease, [
      {
        batch,
        lines: await readLines(pool, lease.runId, batch.ordinals),
        markedAt: batch.markedAt,
        outcomes: batch.ordinals.map((ordinal) => ({
          ordinal,
          outcome: {
            status: 'unconfirmed',
            code: 'interrupted',
            message: 'It was sent, or about to be sent, and its result could not be saved.',
          },
        })),
      },
    ])
  }
}
