import type { Pool } from 'pg'

/** Lines deleted by one statement, so that it holds its locks only for a moment. */
const slice = 20_000
/** A Run that could not be deleted completely is checked again after this time. */
const againAfter = '7 days'

/**
 * What the Snapshot depends on: the line that settled a Record last, lines that say since when something is managed,
 * and lines that say that something was there before us.
 */
const needed = `exists (select from snapshot n where n.activation_id = l.activation_id and n.key = l.key and n.group_id = l.group_id
  and (n.run_id = l.run_id or (l.managed and n.managed <> 'no') or (l.kind = 'skip' and l.code = 'in-place')))`

/**
 * Deletes Runs older than this number of days with their Ledger, except what the Snapshot needs, and an Activation's
 * last Run and last completed Run. Works in slices until all is done or `stop` is aborted. Returns the number of
 * deleted Runs.
 */
export async function pruneRuns(pool: Pool, days: number, stop: AbortSignal): Promise<number> {
  let gone = 0
  while (!stop.aborted) {
    const { rows } = await pool.query<{ id: string; last: string }>(
      `select id, coalesce((select max(ordinal) from ledger where run_id = r.id), 0) as last from run r
       where started_at < now() - make_interval(days => $1) and finished_at is not null and not exists (select from batch b where b.run_id = r.id and b.ticket is not null and b.settled_at is null) and (pruned_at is null or pruned_at < now() - interval '${againAfter}')
       order by started_at limit 1`,
      [days],
    )
    const [run] = rows
    if (run === undefined) return gone
    for (let after = 0; after < Number(run.last) && !stop.aborted; after += slice) {
      await pool.query(
        `delete from ledger l where l.run_id = $1 and l.ordinal > $2 and l.ordinal <= $3 and not ${needed}`,
        [run.id, after, after + slice],
      )
    }
    if (stop.aborted) return gone
    await pool.query(
      'delete from exchange e where run_id = $1 and not exists (select from ledger where run_id = e.run_id and ordinal = e.ordinal)',
      [run.id],
    )
    gone += await deleteEmptyRun(pool, run.id)
  }
  return gone
}

/** 1 if the Run was deleted; otherwise saves when it was checked. */
async function deleteEmptyRun(pool: Pool, id: string): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from run r where id = $1 and not exists (select from ledger where run_id = r.id) and not exists (select from run u where u.undoes = r.id)
       and not exists (select from snapshot n where n.activation_id = r.activation_id and n.present and n.state <> 'synced' and n.run_id = r.id)
       and id <> (select max(id) from run where activation_id = r.activation_id)
       and id is distinct from (select max(id) from run where activation_id = r.activation_id and purpose = 'run' and status in ('completed', 'completed with failures', 'shelved'))`,
    [id],
  )
  if (rowCount === 0) await pool.query('update run set pruned_at = now(), plan_samples = null where id = $1', [id])
  return rowCount ?? 0
}
