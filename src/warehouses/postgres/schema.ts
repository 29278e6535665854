import { mostTables, type Table } from '../../connect/index.ts'
import type { Connected } from './connection.ts'

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
