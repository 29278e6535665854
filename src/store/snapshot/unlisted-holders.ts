import type { Pool } from 'pg'
import type { Key } from '../../model/record.ts'
import { isGone, type StagedRecords } from './staged-records.ts'

export interface UnlistedRequest {
  readonly runId: number
  readonly staged: StagedRecords
  readonly group: string
  readonly lines: number
}

/** Those of these Keys whose link to the group the query did not return and the first `lines` lines of the Plan do not contain. */
export async function unlistedHolders(
  pool: Pool,
  { runId, staged, group, lines }: UnlistedRequest,
  keys: readonly Key[],
): Promise<Key[]> {
  const { rows } = await pool.query<{ key: string }>(
    `select k.key from unnest($2::text[]) as k (key)
     where ${isGone(staged, 'k.key', '$4::text')}
       and not exists (select from operation o where o.run_id = $1 and o.key = k.key and o.group_id = $4 and o.ordinal <= $3)`,
    [runId, keys, lines, group],
  )
  return rows.map(({ key }) => key)
}
