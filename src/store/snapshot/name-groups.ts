import type { Pool } from 'pg'

/** A group that had no id when Entries about it were written, by its placeholder (`pendingGroup`), and its id. */
export interface NamedGroup {
  readonly pending: string
  readonly id: string
}

/**
 * Replaces placeholders by the ids of groups that exist by now: in the Snapshot, and in the lines of the Ledger that
 * explain these Entries. An Entry of the group that has the id already wins. The caller holds the Activation's lock.
 */
export async function nameGroups(pool: Pool, activationId: number, groups: readonly NamedGroup[]): Promise<void> {
  if (groups.length === 0) return
  await pool.query(
    `with pending as (
       delete from snapshot n using unnest($2::text[], $3::text[]) as g (pending, id)
       where n.activation_id = $1 and starts_with(n.group_id, 'name:') and n.group_id = g.pending returning n.*, g.id as named
     ), lines as (
       update ledger l set group_id = p.named from pending p where l.activation_id = $1 and l.key = p.key and l.group_id = p.group_id
     )
     insert into snapshot (activation_id, key, group_id, state, present, tries, retry_at, run_id, managed, sent_from, sent_to, target_id, managed_from, managed_to, returned)
     select distinct on (key, named) activation_id, key, named, state, present, tries, retry_at, run_id, managed, sent_from, sent_to, target_id, managed_from, managed_to, returned
     from pending order by key, named, run_id desc on conflict do nothing`,
    [activationId, groups.map(({ pending }) => pending), groups.map(({ id }) => id)],
  )
}
