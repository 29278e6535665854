import type { Pool } from 'pg'
import type { Reason } from '../../model/operation.ts'
import type { Key } from '../../model/record.ts'

/** Records of a Plan that are rejected or wait for the same reason. */
export interface Undeliverable {
  readonly kind: 'reject' | 'wait'
  readonly reason: Reason
  readonly code: string
  readonly count: number
  /** The first few, in the order of the Plan. */
  readonly first: readonly { readonly key: Key; readonly message: string }[]
}

/** What a Plan cannot deliver, by reason, the most frequent first. */
export async function groupUndeliverable(pool: Pool, runId: number, named: number): Promise<Undeliverable[]> {
  const { rows } = await pool.query<Undeliverable>(
    `select kind, reason, code, max(total)::int as count, json_agg(json_build_object('key', key, 'message', coalesce(message, '')) order by ordinal) as first
     from (
       select kind, reason, coalesce(code, '') as code, key, message, ordinal,
         count(*) over (partition by kind, reason, code) as total, row_number() over (partition by kind, reason, code order by ordinal) as place
       from (select distinct on (kind, reason, code, key) * from operation where run_id = $1 and kind in ('reject', 'wait') order by kind, reason, code, key, ordinal) once
     ) stuck
     where place <= $2 group by kind, reason, code order by kind, count desc, code`,
    [runId, named],
  )
  return rows
}

/** Number of values that a Plan's updates set. */
export async function countUpdatedValues(pool: Pool, runId: number): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from operation o cross join lateral json_object_keys(o.asks::json) where o.run_id = $1 and o.kind = 'update'`,
    [runId],
  )
  return rows[0]?.n ?? 0
}

/** Records whose identifier matches several target records, all of which are written. */
export interface FanOut {
  /** Records that are written, and the number of their target records. */
  readonly records: number
  readonly targetRecords: number
  /** The Records with the most target records. */
  readonly widest: readonly { readonly key: Key; readonly targetRecords: number }[]
}

export async function measureFanOut(pool: Pool, runId: number, named: number): Promise<FanOut> {
  const { rows } = await pool.query<{ key: Key; targetRecords: number; total_records: number; total_targets: number }>(
    `select key, count(*)::int as "targetRecords", count(*) over ()::int as total_records, sum(count(*)) over ()::int as total_targets
     from operation where run_id = $1 and group_id = '' and kind not in ('skip', 'reject', 'wait') group by key order by "targetRecords" desc, key limit $2`,
    [runId, named],
  )
  return {
    records: rows[0]?.total_records ?? 0,
    targetRecords: rows[0]?.total_targets ?? 0,
    widest: rows
      .filter(({ targetRecords }) => targetRecords > 1)
      .map(({ key, targetRecords }) => ({ key, targetRecords })),
  }
}
