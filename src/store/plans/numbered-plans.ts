import type { Pool } from 'pg'
import { forgetSnapshot } from '../snapshot/write-snapshot.ts'
import type { NewRun } from '../runs/runs.ts'

/** Plans are stored with Runs, under far higher numbers, so that only Runs use Run numbers. */
const firstPlan = 1_500_000_000

/** Converts the number of a Plan that users see into its row id, and back. */
export const rowOfPlan = (plan: number): number => firstPlan + plan
export const numberOfPlan = (row: number): number => row - firstPlan
export const isPlanRow = (row: number): boolean => row >= firstPlan

/** A Plan has a row while it is computed and shown; it is not listed as a Run. */
export async function startPlan(pool: Pool, plan: NewRun): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into run (id, activation_id, status, worker, behavior, object, identifier, nouns, purpose) overriding system value
     values ($1 + nextval('plan_number'), $2, 'reading', $3, $4, $5, $6, $7, 'plan') returning id`,
    [
      firstPlan,
      plan.activationId,
      plan.worker,
      plan.behavior,
      plan.object,
      plan.identifier,
      JSON.stringify(plan.nouns),
    ],
  )
  return Number(rows[0]?.id)
}

/** A Plan that is delivered becomes a Run: it gets the next Run number, and its lines move with it. */
export async function becomeRun(pool: Pool, planRow: number): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `with moved as (
       update run set id = default, purpose = case when undoes is null then 'run' else 'undo' end, started_at = now() where id = $1 returning id
     ), lines as (update operation o set run_id = moved.id from moved where o.run_id = $1)
     select id from moved`,
    [planRow],
  )
  return Number(rows[0]?.id)
}

/**
 * Name of an Activation that exists only while a draft is previewed. It contains a control character, so no saved
 * Activation can have it.
 */
export function draftName(id: string): string {
  return `\u0001draft ${id}`
}

/** Deletes everything of a draft that was previewed. */
export async function forgetDraft(pool: Pool, name: string): Promise<void> {
  const { rows } = await pool.query<{ id: number }>('select id::int as id from activation where name = $1', [name])
  for (const { id } of rows) await forgetSnapshot(pool, id)
  await pool.query(
    `with gone as (delete from activation where name = $1 returning id)
     delete from memory where scope in (select 'activation:' || id from gone)`,
    [name],
  )
}

/** Drafts whose process was killed during the preview. */
export async function forgetOldDrafts(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select name from activation where starts_with(name, $1) and created_at < now() - interval '1 hour'`,
    [draftName('')],
  )
  for (const { name } of rows) await forgetDraft(pool, name)
}
