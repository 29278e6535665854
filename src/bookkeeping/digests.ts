import type { Pool } from 'pg'

/**
 * Digests of what a Plan is computed from. They are kept in files, so they are made of md5, which is the same everywhere: the size of
 * the set, and two sums of 60 bits each over its members, so that it need not be sorted.
 */
async function digest(pool: Pool, texts: string, values: readonly unknown[]): Promise<string> {
  const sum = (part: string) => `coalesce(sum(('x' || ${part}(hash, 15))::bit(60)::bigint), 0)`
  const { rows } = await pool.query<{ digest: string }>(
    `select concat_ws(':', count(*), ${sum('left')}, ${sum('right')}) as digest from (select md5(text) as hash from (${texts}) t) h`, [...values])
  return rows[0]?.digest ?? ''
}

/** What the query returned, by the Stage it was copied to. */
export function digestStage(pool: Pool, stage: string): Promise<string> {
  return digest(pool, `select length(key) || ':' || key || '/' || coalesce(desired, '') as text from ${stage}`, [])
}

/** What the Snapshot says that a Plan depends on: also whether what was refused is due again by now. */
export function digestSnapshot(pool: Pool, activationId: number): Promise<string> {
  return digest(pool,
    `select concat_ws('/', length(key), key, state, coalesce(desired::text, ''), managed::text, coalesce(fingerprints, ''), coalesce(state = 'rejected' and retry_at <= now(), false)) as text
     from snapshot where activation_id = $1`, [activationId])
}
