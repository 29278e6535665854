import type { Pool } from 'pg'
import type { Key } from '../../model/record.ts'

/** Makes these Records due at once if the Target rejected them. Returns how many. */
export async function makeKeysDue(pool: Pool, activationId: number, keys: readonly Key[]): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    `with due as (update snapshot set retry_at = now() where activation_id = $1 and state = 'rejected' and present and key = any($2::text[]) returning key)
     select count(distinct key)::int as n from due`,
    [activationId, keys],
  )
  return rows[0]?.n ?? 0
}
