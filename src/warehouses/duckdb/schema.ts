import type { DuckDBConnection } from '@duckdb/node-api'
import { mostTables, type Table } from '../../connect/index.ts'

/** Tables and views of the open database, without DuckDB's internal ones. */
export async function schema(
  connection: DuckDBConnection,
): Promise<{ readonly tables: readonly Table[]; readonly truncated: boolean }> {
  const reader = await connection.runAndReadAll(`
    WITH shown AS (
      SELECT DISTINCT database_name, schema_name, table_name FROM duckdb_columns() WHERE NOT internal
      ORDER BY schema_name, table_name LIMIT ${mostTables + 1})
    SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() JOIN shown USING (database_name, schema_name, table_name)
    ORDER BY schema_name, table_name, column_index`)
  const tables = new Map<string, { schema: string; name: string; columns: { name: string; type: string }[] }>()
  for (const [schemaName, name, column, type] of reader.getRows().map((row) => row.map(String))) {
    const key = JSON.stringify([schemaName, name])
    const table = tables.get(key) ?? { schema: schemaName ?? '', name: name ?? '', columns: [] }
    table.columns.push({ name: column ?? '', type: type ?? '' })
    tables.set(key, table)
  }
  return { tables: [...tables.values()].slice(0, mostTables), truncated: tables.size > mostTables }
}
