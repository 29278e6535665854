import type { Pool } from 'pg'
import type { NewRun } from '../runs/runs.ts'

/** Plans are kept where Runs are, with numbers far above theirs, so that Run numbers are spent by Runs alone. */
const firstPlan = 1_500_000_000

/** The row of a Plan, by the number that people know it by; and the other way round. */
export const rowOfPlan = (plan: number): number => firstPlan + plan
export const numberOfPlan = (row: number): number => row - firstPlan
export const isPlanRow = (row: number): boolean => row >= firstPlan

/** While a Plan is looked at there is a row for it, which is discarded then. It is in no list of Runs. */
export async function startPlan(pool: Pool, plan: NewRun): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into run (id, activation_id, status, worker, behavior, object, identifier, purpose) overriding system value
     values ($1 + nextval('plan_number'), $2, 'reading', $3, $4, $5, $6, 'plan') returning id`,
    [firstPlan, plan.activationId, plan.worker, plan.behavior, plan.object, plan.identifier],
  )
  return Number(rows[0]?.id)
}

/** A Plan that is carried out becomes a Run: it gets the next Run number, and its lines go with it. */
export async function becomeRun(pool: Pool, planRow: number): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `with moved as (
       update run set id = default, purpose = case when undoes is null then 'run' else 'undo' end, started_at = now() where id = $1 returning id
     ), lines as (update operation o set run_id = moved.id from moved where o.run_id = $1)
     select id from moved`, [planRow])
  return Number(rows[0]?.id)
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
