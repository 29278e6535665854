import type { Pool } from 'pg'
import type { Key } from '../../model/record.ts'

/** Makes these Records due at once if the Target rejected them. Returns how many. */
export async function makeKeysDue(pool: Pool, activationId: number, keys: readonly Key[]): Promise<number> {
  const { rowCount } = await pool.query(
    `update snapshot set retry_at = now() where activation_id = $1 and state = 'rejected' and present and key = any($2::text[])`, [activationId, keys])
  return rowCount ?? 0
}
