import type { Pool } from 'pg'
import { inTransaction } from './transaction.ts'

/**
 * Ends the Runs of an Activation whose process died (the caller holds the Activation's lock, so nobody runs them), raising
 * their attempt so that a stalled process can neither mark nor settle any more. What they had marked and not settled
 * becomes *in doubt* in the Snapshot, and what it would have put on counts as ours until it is read. Returns how many Records that were.
 */
export async function recoverRuns(pool: Pool, activationId: number): Promise<{ runs: number; inDoubt: number }> {
  return await inTransaction(pool, async (client) => {
    const ended = await client.query<{ id: string }>(
      `update run set attempt = attempt + 1, status = 'failed', finished_at = now(),
         fault = jsonb_build_object('kind', 'transient', 'code', 'interrupted', 'message', 'The process that ran it ended without finishing it.',
           'advice', 'Nothing is lost: the next Run settles what was in flight and sends the rest.', 'requestId', null)
       where activation_id = $1 and finished_at is null returning id`,
      [activationId],
    )
    if (ended.rows.length === 0) return { runs: 0, inDoubt: 0 }
    const ids = ended.rows.map((row) => row.id)
    const doubted = await client.query(
      `insert into snapshot as n (activation_id, key, state, ours, run_id, doubt_from, doubt_to)
       select distinct on (o.key) $1, o.key, 'doubt', case when o.kind = 'add' then o.members else '{}' end, o.run_id, b.marked_at, b.marked_at
       from batch b
       join operation o on o.run_id = b.run_id and (o.ordinal = any(b.ordinals) or (b.ordinals is null and o.ordinal between b.first_ordinal and b.last_ordinal))
       where b.run_id = any($2::bigint[]) and b.settled_at is null
       order by o.key, o.kind
       on conflict (activation_id, key) do update set state = 'doubt', run_id = excluded.run_id, doubt_from = excluded.doubt_from, doubt_to = excluded.doubt_to,
         ours = array(select unnest(n.ours) union select unnest(excluded.ours) order by 1)`,
      [activationId, ids],
    )
    await client.query('delete from operation where run_id = any($1::bigint[])', [ids])
    for (const id of ids) await client.query(`drop table if exists stage_${Number(id)}`)
    return { runs: ids.length, inDoubt: doubted.rowCount ?? 0 }
  })
}
