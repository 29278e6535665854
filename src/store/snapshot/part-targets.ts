import type { Pool } from 'pg'
import type { RunLease } from './marks.ts'

/** Separates a Key from the id of its earlier target record. No identifier contains it. */
const formerly = '\u2063 (was '

/**
 * For Records whose identifier matches another target record now. A managed link of the old target record gets a Key of
 * its own, as if its row was removed from the query, so that it is removed like one, unless this Run removes it. Other links are forgotten. The
 * query's links start anew on the new target record.
 */
export async function partTargets(pool: Pool, { runId, activationId, attempt }: RunLease): Promise<void> {
  await pool.query(
    `with lease as (select id from run where id = $1 and attempt = $3 and finished_at is null for share
     ), moved as (
       select distinct n.key, n.group_id from lease, operation o join snapshot n on n.activation_id = $2 and n.key = o.key and n.group_id <> ''
       where o.run_id = $1 and o.kind in ('attach', 'detach', 'skip') and o.reason not in ('left', 'undo') and o.target_id is not null and n.target_id is not null and o.target_id <> n.target_id
         and not exists (select from operation l where l.run_id = $1 and l.key = n.key and l.group_id = n.group_id and l.reason = 'left')
     ), parted as (
       delete from snapshot n using moved m where n.activation_id = $2 and n.key = m.key and n.group_id = m.group_id returning n.*
     )
     insert into snapshot as s (activation_id, key, group_id, state, present, managed, run_id, target_id, managed_from, managed_to)
     select $2, n.key || $4 || n.target_id || ')', n.group_id, 'synced', false, n.managed, n.run_id, n.target_id, coalesce(n.managed_from, added.started), coalesce(n.managed_to, added.until)
     from parted n left join lateral (select min(coalesce(l.since, r.started_at)) as started, max(l.at) as until from ledger l join run r on r.id = l.run_id
       where l.activation_id = $2 and l.key = n.key and l.group_id = n.group_id and l.target_id = n.target_id and l.kind = 'attach' and l.managed) added on true
     where n.managed <> 'no'
     on conflict (activation_id, key, group_id) do update set managed = excluded.managed, managed_to = excluded.managed_to`,
    [runId, activationId, attempt, formerly],
  )
}
