import type { Pool } from 'pg'
import type { OperationKind } from '../model/operation.ts'
import type { Batch, Holder } from './settle.ts'

/** Batches that this Run marked and did not settle. Its process sends nothing any more: what became of them is not written down. */
export async function readUnsettled(pool: Pool, { runId, attempt }: Holder): Promise<Batch[]> {
  const { rows } = await pool.query<{ kind: OperationKind; ordinals: number[] }>(
    `select o.kind, array_agg(o.ordinal::float8 order by o.ordinal) as ordinals
     from batch b join operation o on o.run_id = b.run_id and (o.ordinal = any(b.ordinals) or (b.ordinals is null and o.ordinal between b.first_ordinal and b.last_ordinal))
     where b.run_id = $1 and b.attempt = $2 and b.settled_at is null group by b.first_ordinal, o.kind order by b.first_ordinal`, [runId, attempt])
  return rows
}
