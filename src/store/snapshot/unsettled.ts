import type { Pool } from 'pg'
import type { Batch, RunLease } from './marks.ts'

export interface UnsettledBatch extends Batch {
  /** In unix milliseconds by the database's clock. */
  readonly markedAt: number
}

/**
 * Batches that this Run marked and did not settle. Its process no longer sends anything; their outcome is not saved.
 */
export async function readUnsettled(pool: Pool, { runId, attempt }: RunLease): Promise<readonly UnsettledBatch[]> {
  const { rows } = await pool.query<UnsettledBatch>(
    `select o.kind, array_agg(o.ordinal::float8 order by o.ordinal) as ordinals, (extract(epoch from b.marked_at) * 1000)::float8 as "markedAt"
     from batch b join operation o on o.run_id = b.run_id and (o.ordinal = any(b.ordinals) or (b.ordinals is null and o.ordinal between b.first_ordinal and b.last_ordinal))
     where b.run_id = $1 and b.attempt = $2 and b.settled_at is null group by b.first_ordinal, b.marked_at, o.kind order by b.first_ordinal`,
    [runId, attempt],
  )
  return rows
}
