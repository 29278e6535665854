import type { Pool } from 'pg'
import type { RejectionCode } from '../../model/outcome.ts'

/** Makes rejected Records due at once, for the given reasons or for any. Returns how many. */
export async function makeFailuresDue(
  pool: Pool,
  activationId: number,
  codes: readonly RejectionCode[] | undefined,
): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `with due as (update snapshot n set retry_at = now() where n.activation_id = $1 and n.state = 'rejected' and n.present
       and ($2::text[] is null or exists (
         select from ledger l where l.activation_id = $1 and l.key = n.key and l.group_id = n.group_id and l.run_id = n.run_id and l.status = 'rejected' and l.code = any($2))) returning n.key)
     select count(distinct key)::int as n from due`,
    [activationId, codes ?? null],
  )
  return rows[0]?.n ?? 0
}
