import type { Pool } from 'pg'

/** Small facts kept between Runs, by scope (`connection:intercom/abc123`, `activation:7`) and name. */
export async function recall(pool: Pool, scope: string, name: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ value: string }>({
    name: 'recall',
    text: 'select value from memory where scope = $1 and name = $2',
    values: [scope, name],
  })
  return rows[0]?.value
}

export async function remember(pool: Pool, scope: string, name: string, value: string): Promise<void> {
  await pool.query(
    `insert into memory (scope, name, value) values ($1, $2, $3)
     on conflict (scope, name) do update set value = excluded.value, set_at = now()`,
    [scope, name, value],
  )
}
