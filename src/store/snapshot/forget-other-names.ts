import type { Pool } from 'pg'
import type { RunLease } from './marks.ts'

/**
 * When a row's first identifier becomes null, its Key changes, but its target record does not. The old Key's Entry does
 * not know what this Run writes there, so its fingerprints are invalidated: if the old Key returns, it is delivered as
 * new. An undo on a target record invalidates all other Entries of that target record, too.
 */
export async function forgetOtherNames(pool: Pool, { runId, activationId, attempt }: RunLease): Promise<void> {
  await pool.query(
    `update snapshot n set desired = null, fingerprints = null from operation o
     where n.activation_id = $2 and o.run_id = $1 and o.target_id = n.target_id and o.key <> n.key and n.group_id = '' and n.fingerprints is not null
       and ((o.reason = 'undo' and o.kind <> 'skip') or (not n.present and o.kind in ('update', 'upsert')))
       and exists (select from run where id = $1 and attempt = $3 and finished_at is null)`,
    [runId, activationId, attempt],
  )
}
