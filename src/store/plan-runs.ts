import type { Pool } from 'pg'

/** While a Plan is looked at there is a Run for it, which is discarded then. It is in no list. */
export async function markAsPlan(pool: Pool, runId: number): Promise<void> {
  await pool.query(`update run set purpose = 'plan' where id = $1`, [runId])
}

/** Name of an Activation that is only there for as long as a draft is looked at. No saved one can have it: it holds a control character. */
export function draftName(id: string): string {
  return `\u0001draft ${id}`
}

/** Leaves nothing behind of a draft that was looked at. */
export async function forgetDraft(pool: Pool, name: string): Promise<void> {
  await pool.query(
    `with gone as (delete from activation where name = $1 returning id), snapshots as (delete from snapshot where activation_id in (select id from gone))
     delete from memory where scope in (select 'activation:' || id from gone)`, [name])
}

/** Those whose process was killed while it looked at them. */
export async function forgetOldDrafts(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(`select name from activation where starts_with(name, $1) and created_at < now() - interval '1 hour'`, [draftName('')])
  for (const { name } of rows) await forgetDraft(pool, name)
}
