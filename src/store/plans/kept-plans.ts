import type { Pool } from 'pg'

/** A saved Plan, under the number of its row. */
export interface KeptPlan {
  /** The head of a plan file, and the hash over it and all lines. */
  readonly head: unknown
  readonly hash: string
  readonly lines: number
}

/** Keeps a Plan until then (epoch milliseconds): its lines stay, and it is not listed as a Run. */
export async function keepPlan(pool: Pool, runId: number, plan: KeptPlan, until: number): Promise<void> {
  await pool.query(
    `update run set finished_at = now(), status = 'completed', mapping = null, kept_plan = $2, kept_until = to_timestamp($3::float8 / 1000) where id = $1 and purpose = 'plan'`,
    [runId, JSON.stringify(plan), until],
  )
}

/** Undefined: it is not of this Activation, or has expired. */
export async function findKeptPlan(pool: Pool, activation: string, id: number): Promise<KeptPlan | undefined> {
  const { rows } = await pool.query<{ plan: KeptPlan }>(
    `select r.kept_plan as plan from run r join activation a on a.id = r.activation_id where r.id = $1 and a.name = $2 and r.kept_until > now()`,
    [id, activation],
  )
  return rows[0]?.plan
}

/** Deletes expired Plans with their lines. Returns how many. */
export async function forgetOldPlans(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ id: string }>('select id from run where kept_until <= now()')
  for (const { id } of rows)
    await pool.query('with lines as (delete from operation where run_id = $1) delete from run where id = $1', [id])
  return rows.length
}
