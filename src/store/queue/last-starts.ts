import type { Pool } from 'pg'

/** When the last Run of each of these Activations started; without those that never ran. */
export async function lastStarts(pool: Pool, names: readonly string[]): Promise<ReadonlyMap<string, Date>> {
  const { rows } = await pool.query<{ name: string; at: Date }>(
    `select a.name, r.started_at as at from activation a
     cross join lateral (select started_at from run where activation_id = a.id and purpose = 'run' order by id desc limit 1) r
     where a.name = any($1::text[])`,
    [names],
  )
  return new Map(rows.map(({ name, at }) => [name, at]))
}
