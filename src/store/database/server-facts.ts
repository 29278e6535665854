import type { Pool } from 'pg'

export async function serverVersion(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ version: string }>(
    `select split_part(current_setting('server_version'), ' ', 1) as version`,
  )
  return rows[0]?.version ?? ''
}

export async function countRuns(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from run')
  return rows[0]?.count ?? 0
}
