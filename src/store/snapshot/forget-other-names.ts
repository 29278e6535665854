import type { Pool } from 'pg'
import type { RunLease } from './marks.ts'

/**
 * A row that lost its first identifier is another Record by its Key, of the same thing. What this Run is about to write there, the Record that
 * left the query knows nothing of: when its row is back, it is delivered as if it were new. What an undo takes back from a thing, every
 * other Record of it no longer knows to be there.
 */
export async function forgetOtherNames(pool: Pool, { runId, activationId, attempt }: RunLease): Promise<void> {
  await pool.query(
    `update snapshot n set desired = null, fingerprints = null from operation o
     where n.activation_id = $2 and o.run_id = $1 and o.target_id = n.target_id and o.key <> n.key and n.fingerprints is not null
       and ((o.reason = 'undo' and o.kind <> 'skip') or (not n.present and o.kind in ('update', 'upsert')))
       and exists (select from run where id = $1 and attempt = $3 and finished_at is null)`, [runId, activationId, attempt])
}
