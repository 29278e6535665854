import type { Pool } from 'pg'
import { interruptedFault } from './runs.ts'
import { commonPrints, lastAddition } from './settle.ts'
import { inTransaction } from './transaction.ts'

const lockNotAvailable = '55P03'

const kindOfDoubt = `(select d.kind from doubted d where d.key = excluded.key)`

/** A removal, of what an addition in doubt may have put there. */
const stillInDoubt = `excluded.ours = '{}' and ${kindOfDoubt} <> 'update' and n.state = 'unconfirmed' and n.doubt_from is not null`

/** A creation in doubt, and again: the first may be what made it. */
const createsAgain = `excluded.ours = '{creating}' and n.state = 'unconfirmed' and 'creating' = any(n.ours)`

/**
 * Ends the Runs of an Activation whose process died (the caller holds the Activation's lock, so nobody runs them), raising
 * their attempt so that a stalled process can neither mark nor settle any more. What they had marked and not settled
 * becomes *in doubt* in the Snapshot, and what it would have put on counts as ours until it is read. Returns how many Records that were.
 */
export async function recoverRuns(pool: Pool, activationId: number): Promise<{ runs: number; unconfirmed: number }> {
  const { ids, unconfirmed } = await endRuns(pool, activationId)
  await dropWork(pool, activationId)
  return { runs: ids.length, unconfirmed }
}

/** The same for one who does not hold the lock yet: what a Run that may still be read from has in work stays until then. */
export async function endRuns(pool: Pool, activationId: number): Promise<{ ids: readonly number[]; unconfirmed: number }> {
  return await inTransaction(pool, async (client) => {
    const ended = await client.query<{ id: string }>(
      `update run set attempt = attempt + 1, status = 'interrupted', finished_at = now(),
         fault = ${interruptedFault}
       where activation_id = $1 and finished_at is null returning id`,
      [activationId],
    )
    if (ended.rows.length === 0) return { ids: [], unconfirmed: 0 }
    const ids = ended.rows.map((row) => Number(row.id))
    const doubted = await client.query(
      `with doubted as (
         select distinct on (o.key) o.key, o.kind, o.prints, o.run_id, o.target_id, o.wanted,
           case when o.kind = 'attach' then coalesce(o.held, o.members) when o.kind = 'update' then o.members when o.kind = any('{create,upsert}') then '{creating}' else '{}' end as ours,
           case when o.kind = 'detach' then added.ours_since else b.marked_at end as since, case when o.kind = 'detach' then added.ours_until else b.marked_at end as until
         from batch b
         join operation o on o.run_id = b.run_id and (o.ordinal = any(b.ordinals) or (b.ordinals is null and o.ordinal between b.first_ordinal and b.last_ordinal))
         left join lateral (${lastAddition('$1', 'o.key')}) added on o.kind = 'detach'
         where b.run_id = any($2::bigint[]) and b.settled_at is null
         order by o.key, o.kind
       )
       insert into snapshot as n (activation_id, key, state, ours, run_id, doubt_from, doubt_to, target_id, wanted)
       select $1, key, 'unconfirmed', ours, run_id, since, until, target_id, wanted from doubted
       on conflict (activation_id, key) do update set state = 'unconfirmed', wanted = coalesce(excluded.wanted, n.wanted),
         run_id = case when ${stillInDoubt} then n.run_id else excluded.run_id end,
         doubt_from = case when ${stillInDoubt} or ${createsAgain} then n.doubt_from else excluded.doubt_from end,
         doubt_to = case when ${stillInDoubt} then n.doubt_to else excluded.doubt_to end,
         target_id = case when ${kindOfDoubt} = any('{create,upsert,update}') then excluded.target_id else coalesce(excluded.target_id, n.target_id) end,
         prints = case when n.prints is null or ${kindOfDoubt} <> all('{create,upsert,update}') then n.prints
           else ${commonPrints('n.prints', '(select d.prints from doubted d where d.key = excluded.key)')} end,
         ours = case when ${kindOfDoubt} = any('{create,upsert,update}') and excluded.target_id is distinct from n.target_id then excluded.ours
           else array(select unnest(n.ours) union select unnest(excluded.ours) order by 1) end`,
      [activationId, ids],
    )
    return { ids, unconfirmed: doubted.rowCount ?? 0 }
  })
}

/** Stages and lines of Plans of Runs that were interrupted. */
async function dropWork(pool: Pool, activationId: number): Promise<void> {
  const { rows } = await pool.query<{ id: number; stage: string | null }>(
    `select r.id::float8 as id, to_regclass('stage_' || r.id) as stage from run r where r.activation_id = $1 and r.status = 'interrupted'
       and (to_regclass('stage_' || r.id) is not null or exists (select from operation o where o.run_id = r.id))`, [activationId])
  for (const { id, stage } of rows) {
    await pool.query('delete from operation where run_id = $1', [id])
    if (stage !== null) await dropStage(pool, `stage_${id}`)
  }
}

/**
 * A process of ours that still reads the Stage of a Run that has ended, such as a frozen one in the middle of a comparison, loses that session.
 * Others, such as a backup, are not waited for long: the table goes with a later Run.
 */
export async function dropStage(pool: Pool, table: string): Promise<void> {
  await pool.query(
    `select pg_terminate_backend(s.pid, 5000) from pg_locks l join pg_stat_activity s on s.pid = l.pid
     where l.relation = to_regclass($1) and s.datname = current_database() and s.backend_type = 'client backend' and s.pid <> pg_backend_pid()
       and s.application_name in (select tag from process) and pg_has_role(s.usesysid, 'usage')`, [table])
  await inTransaction(pool, async (client) => {
    await client.query(`set local lock_timeout = '5s'`)
    await client.query(`drop table if exists ${table}`)
  }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== lockNotAvailable) throw error
  })
}
