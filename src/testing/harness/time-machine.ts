import type { Pool } from 'pg'

/**
 * As if all that the control database remembers had happened so much earlier: every moment in every table, whatever the tables are called.
 * Nothing here knows what they mean, so it holds for any schema.
 */
export async function letDatabaseTimePass(pool: Pool, ms: number): Promise<void> {
  if (ms > 0) await pool.query((await momentsOf(pool)).map(([table, columns]) => (
    `update ${table} set ${columns.map((column) => `${column} = ${column} - interval '${ms} milliseconds'`).join(', ')}`
  )).join(';'))
}

/** Forgets all Activations, Runs and memories, and keeps the tables. */
export async function emptyDatabase(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = current_schema() and tablename <> 'migration'`)
  await pool.query(`set session_replication_role = replica; ${rows.map(({ name }) => `delete from ${name}`).join(';')}; set session_replication_role = default`)
}

/** From the next connection on, the server counts no rows of this database that changed, so that it cleans nothing up by itself. */
export async function leaveUncleaned(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>('select quote_ident(current_database()) as name')
  await pool.query(`alter database ${rows[0]?.name} set track_counts = off`)
}

const known = new WeakMap<Pool, readonly (readonly [table: string, columns: readonly string[]])[]>()

async function momentsOf(pool: Pool): Promise<readonly (readonly [table: string, columns: readonly string[]])[]> {
  const before = known.get(pool)
  if (before !== undefined) return before
  const { rows } = await pool.query<{ table: string; columns: string[] }>(
    `select quote_ident(c.table_name) as "table", array_agg(quote_ident(column_name)) as columns from information_schema.columns c
     join pg_tables t on t.schemaname = c.table_schema and t.tablename = c.table_name
     where table_schema = current_schema() and data_type = 'timestamp with time zone' and table_name <> 'migration' and is_generated = 'NEVER' group by 1`)
  const found = rows.map(({ table, columns }) => [table, columns] as const)
  known.set(pool, found)
  return found
}
