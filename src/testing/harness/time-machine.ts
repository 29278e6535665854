import type { Pool } from 'pg'

/**
 * Moves all timestamps in the control database into the past by `ms`. Reads the tables and columns from the catalog, so
 * it works with any schema.
 */
export async function letDatabaseTimePass(pool: Pool, ms: number): Promise<void> {
  if (ms > 0)
    await pool.query(
      (await momentsOf(pool))
        .map(
          ([table, columns]) =>
            `update ${table} set ${columns.map((column) => `${column} = ${column} - interval '${ms} milliseconds'`).join(', ')}`,
        )
        .join(';'),
    )
}

/** Deletes all rows of all tables, except those of `migration`. */
export async function emptyDatabase(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = current_schema() and tablename <> 'migration'`,
  )
  await pool.query(
    `set session_replication_role = replica; ${rows.map(({ name }) => `delete from ${name}`).join(';')}; set session_replication_role = default`,
  )
}

/** Switches off row statistics for new connections, so that autovacuum never starts on this database. */
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
     where table_schema = current_schema() and data_type = 'timestamp with time zone' and table_name <> 'migration' and is_generated = 'NEVER' group by 1`,
  )
  const found = rows.map(({ table, columns }) => [table, columns] as const)
  known.set(pool, found)
  return found
}
