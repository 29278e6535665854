import type { Pool } from 'pg'
import type { RunLease } from './marks.ts'

/** Separates a Key from the id of its earlier target record. No identifier contains it. */
const formerly = '\u2063 (was '

/**
 * For Records whose identifier matches another target record now. What is managed on the old target record gets an
 * Entry of its own, as of a Record removed from the query, so that it is removed like one. The Record itself starts
 * anew on its new target record.
 */
export async function partTargets(pool: Pool, { runId, activationId, attempt }: RunLease): Promise<void> {
  await pool.query(
    `with lease as (select id from run where id = $1 and attempt = $3 and finished_at is null for share
     ), moved as (
       select distinct n.key, n.target_id from lease, operation o join snapshot n on n.activation_id = $2 and n.key = o.key
       where o.run_id = $1 and o.kind in ('attach', 'detach', 'skip') and o.reason not in ('left', 'undo') and o.target_id is not null and n.target_id is not null
         and o.target_id <> n.target_id and n.managed <> '{}'
     ), kept as (
       insert into snapshot as s (activation_id, key, state, present, managed, run_id, target_id, managed_from, managed_to)
       select $2, n.key || $4 || n.target_id || ')', 'synced', false, n.managed, n.run_id, n.target_id, coalesce(n.managed_from, added.started), coalesce(n.managed_to, added.until)
       from moved join snapshot n on n.activation_id = $2 and n.key = moved.key
       left join lateral (select min(coalesce(l.since, r.started_at)) as started, max(l.at) as until from ledger l join run r on r.id = l.run_id
         where l.activation_id = $2 and l.key = n.key and l.target_id = n.target_id and l.kind = 'attach' and l.groups && n.managed) added on true
       on conflict (activation_id, key) do update set managed = array(select unnest(s.managed) union select unnest(excluded.managed) order by 1), managed_to = excluded.managed_to
     )
     update snapshot n set managed = '{}', desired = null, sent_from = null, sent_to = null from moved where n.activation_id = $2 and n.key = moved.key`,
    [runId, activationId, attempt, formerly])
}
