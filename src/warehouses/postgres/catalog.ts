import { notice, mostTables, type Notice, type Table } from '../../connect/index.ts'
import type { Connected } from './connection.ts'

interface Rights {
  readonly version: string
  readonly user: string
  readonly superuser: boolean
  /** Number of tables that the role may write to, and the name of one of them. */
  readonly writable: number
  readonly example: string | null
}

/** The server's version, and notices if the role has the right to write. Tailrace itself only reads. */
export async function check(
  client: Connected,
): Promise<{ readonly version: string; readonly notices: readonly Notice[] }> {
  const {
    rows: [rights],
  } = await client.query<Rights>(`
    SELECT current_setting('server_version') AS version, current_user AS "user",
           (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS superuser,
           count(*)::int AS writable, min(n.nspname || '.' || c.relname) AS example
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
       AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')`)
  if (rights === undefined) return { version: 'PostgreSQL', notices: [] }
  return { version: `PostgreSQL ${rights.version}`, notices: noticesOn(rights) }
}

function noticesOn({ user, superuser, writable, example }: Rights): readonly Notice[] {
  const advice = 'Tailrace reads in a read-only transaction, but a role that can only read is safer.'
  if (superuser)
    return [notice('role-can-write', `The role "${user}" is a superuser. ${advice}`, { user, superuser: true })]
  if (writable > 0)
    return [
      notice(
        'role-can-write',
        `The role "${user}" can also write to ${writable} ${writable === 1 ? 'table' : 'tables'}, such as ${example}. ${advice}`,
        { user, superuser: false, tables: writable },
      ),
    ]
  return []
}

/**
 * Tables and views that the role may read, without system tables. Read from pg_catalog, because information_schema
 * takes seconds in a database with many tables.
 */
export async function schema(
  client: Connected,
): Promise<{ readonly tables: readonly Table[]; readonly truncated: boolean }> {
  const { rows } = await client.query<Table>(`
    SELECT n.nspname AS schema, c.relname AS name,
           (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum), '[]')
              FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
       AND has_schema_privilege(n.oid, 'USAGE') AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'))
     ORDER BY n.nspname, c.relname LIMIT ${mostTables + 1}`)
  return { tables: rows.slice(0, mostTables), truncated: rows.length > mostTables }
}
