import type { Pool } from 'pg'
import type { StageRows } from '../store/snapshot/staged-records.ts'

/**
 * Digests of the inputs of a Plan. They are saved in files, so they use md5, which is the same everywhere: the size of
 * the set and two sums of 60 bits each over the hashes of its members, so that the set need not be sorted.
 */
async function digest(pool: Pool, texts: string, values: readonly unknown[]): Promise<string> {
  const sum = (part: string) => `coalesce(sum(('x' || ${part}(hash, 15))::bit(60)::bigint), 0)`
  const { rows } = await pool.query<{ digest: string }>(
    `select concat_ws(':', count(*), ${sum('left')}, ${sum('right')}) as digest from (select md5(text) as hash from (${texts}) t) h`,
    [...values],
  )
  return rows[0]?.digest ?? ''
}

/** Digest of what the query returned, from the Stage. */
export function digestStage(pool: Pool, { relation }: StageRows): Promise<string> {
  return digest(pool, `select length(key) || ':' || key || '/' || coalesce(desired, '') as text from ${relation} s`, [])
}

/** Digest of what a Plan depends on in the Snapshot, including whether rejected Records are due for a retry. */
export function digestSnapshot(pool: Pool, activationId: number): Promise<string> {
  return digest(
    pool,
    `select concat_ws('/', length(key), key, group_id, state, coalesce(desired::text, ''), managed, coalesce(fingerprints, ''), coalesce(state = 'rejected' and retry_at <= now(), false)) as text
     from snapshot where activation_id = $1`,
    [activationId],
  )
}
