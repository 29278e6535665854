import type { Pool } from 'pg'
import type { Key } from '../../model/record.ts'

/** Those of these Keys that the query did not return and that the first `lines` lines of the Plan do not contain. */
export async function unlistedHolders(pool: Pool, { runId, stage, lines }: { readonly runId: number; readonly stage: string; readonly lines: number }, keys: readonly Key[]): Promise<Key[]> {
  const { rows } = await pool.query<{ key: string }>(
    `select k.key from unnest($2::text[]) as k (key)
     where not exists (select from ${stage} s where s.key = k.key)
       and not exists (select from operation o where o.run_id = $1 and o.key = k.key and o.ordinal <= $3)`, [runId, keys, lines])
  return rows.map(({ key }) => key)
}
