import {
  quoteName,
  notice,
  mostTables,
  type Notice,
  type Table,
  type WarehouseCheck,
  type WarehouseRight,
} from '../../connect/index.ts'
import type { Connected } from './connection.ts'
import { dialect } from './dialect.ts'

interface Rights {
  readonly version: string
  readonly user: string
  readonly superuser: boolean
  /** Number of tables that the role may write to, and the name of one of them. */
  readonly writable: number
  readonly example: string | null
  /** Number of tables and views, and how many of them the role may read. */
  readonly tables: number
  readonly readable: number
  /** Schemas with tables that the role may not read; the first `mostGrants` by name. */
  readonly closed: readonly string[]
}

/** Maximum number of schemas that the advice on a missing right names. */
const mostGrants = 5

/** The server's version, the right to read, and notices if the role may also write. Tailrace itself only reads. */
export async function check(client: Connected): Promise<WarehouseCheck> {
  const { rows } = await client.query<Rights>(`
    WITH relations AS (
      SELECT n.nspname AS schema, c.relname AS name, NOT c.relispartition AS is_shown,
             c.relkind IN ('r', 'p') AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') AS writes,
             has_schema_privilege(n.oid, 'USAGE')
               AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT')) AS reads
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_')
    SELECT current_setting('server_version') AS version, current_user AS "user",
           (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS superuser,
           count(*) FILTER (WHERE writes)::int AS writable, min(schema || '.' || name) FILTER (WHERE writes) AS example,
           count(*) FILTER (WHERE is_shown)::int AS tables, count(*) FILTER (WHERE is_shown AND reads)::int AS readable,
           (SELECT coalesce(json_agg(schema), '[]') FROM (
              SELECT DISTINCT schema FROM relations WHERE is_shown AND NOT reads ORDER BY schema LIMIT ${mostGrants}) s) AS closed
      FROM relations`)
  const [rights] = rows as [Rights]
  return { product: 'PostgreSQL', version: rights.version, rights: [readRight(rights)], notices: noticesOn(rights) }
}

/** Granted if the role may read any table: no role needs all of them. */
function readRight({ user, tables, readable, closed }: Rights): WarehouseRight {
  const role = quoteName(user, dialect)
  const grants = closed.map((name) => {
    const schema = quoteName(name, dialect)
    return `grant usage on schema ${schema} to ${role}; grant select on all tables in schema ${schema} to ${role};`
  })
  return {
    name: `Read tables and views (${readable} of ${tables})`,
    granted: readable > 0 || tables === 0,
    ...(grants.length > 0 && { grant: grants.join(' ') }),
  }
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
