import type { Pool } from 'pg'

/**
 * Moves all timestamps in the control database into the past by `ms`. Reads the tables and columns from the catalog, so
 * it works with any schema.
 */
export async function letDatabaseTimePass(pool: Pool, ms: number): Promise<void> {
  if (ms > 0) await call(pool, `select test_let_time_pass(${ms} * interval '1 millisecond')`)
}

/** Deletes all rows of all tables, except those of `migration`. */
export async function emptyDatabase(pool: Pool): Promise<void> {
  await call(pool, 'select test_empty_database()')
}

/** Switches off row statistics for new connections, so that autovacuum never starts on this database. */
export async function leaveUncleaned(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>('select quote_ident(current_database()) as name')
  await pool.query(`alter database ${rows[0]?.name} set track_counts = off`)
}

const prepared = new WeakMap<Pool, Promise<void>>()

async function call(pool: Pool, statement: string): Promise<void> {
  let ready = prepared.get(pool)
  if (ready === undefined) prepared.set(pool, (ready = createFunctions(pool)))
  await ready
  await pool.query(statement)
}

/** A history calls them often. In functions, the server parses and plans their statements once per session. */
async function createFunctions(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ table: string; moments: string[] }>(
    `select quote_ident(t.tablename) as "table", array(
       select quote_ident(c.column_name) from information_schema.columns c
       where c.table_schema = t.schemaname and c.table_name = t.tablename and c.data_type = 'timestamp with time zone' and c.is_generated = 'NEVER') as moments
     from pg_tables t where t.schemaname = current_schema() and t.tablename <> 'migration'`,
  )
  const updates = rows
    .filter(({ moments }) => moments.length > 0)
    .map(
      ({ table, moments }) =>
        `update ${table} set ${moments.map((column) => `${column} = ${column} - by_this`).join(', ')};`,
    )
  const deletes = rows.map(({ table }) => `delete from ${table};`)
  await pool.query(
    `create or replace function test_let_time_pass(by_this interval) returns void language plpgsql as $$ begin ${updates.join(' ')} end $$;
     create or replace function test_empty_database() returns void language plpgsql set session_replication_role = replica as $$ begin ${deletes.join(' ')} end $$`,
  )
}
