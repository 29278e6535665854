import { version, type DuckDBConnection } from '@duckdb/node-api'
import {
  defaultTimezone,
  Fault,
  mostTables,
  type WarehouseContext,
  type WarehouseSession,
  type Column,
  type Table,
} from '../../connect/index.ts'
import type { DuckdbConfig } from './config.ts'
import { withConnection, openDatabase } from './database.ts'
import { inspectFiles, type FileAccess } from './files.ts'
import { read } from './read.ts'
import { columnsOf } from './columns.ts'
import { inspectStatement, rejectOtherThanSelect } from './statement.ts'

export async function openSession(
  config: DuckdbConfig,
  { baseDir, signal = new AbortController().signal }: WarehouseContext,
): Promise<WarehouseSession> {
  const { instance, allowsFiles } = await openDatabase(config, baseDir)
  const files: FileAccess = { baseDir, allowed: allowsFiles }
  const timezone = config.timezone ?? defaultTimezone
  return {
    timezone,
    // Opening the database is all that needs a right, and that is done.
    check: () =>
      Promise.resolve({
        product: 'DuckDB',
        version: version(),
        rights: [{ name: config.path === undefined ? 'Start DuckDB' : 'Read the database file', granted: true }],
        notices: [],
      }),
    columns: (sql) => withConnection(instance, signal, (connection) => describeQuery(connection, sql, files)),
    read: (sql, options) =>
      read({ instance, files, timezone }, sql, { ...options, signal: AbortSignal.any([signal, options.signal]) }),
    schema: () => withConnection(instance, signal, schema),
    close: () => Promise.resolve(instance.closeSync()),
  }
}

/** The query's output columns. Columns whose values depend on guessed types are marked. */
async function describeQuery(connection: DuckDBConnection, sql: string, files: FileAccess): Promise<readonly Column[]> {
  await rejectOtherThanSelect(connection, sql)
  const guesses = await inspectFiles(connection, sql, files)
  const columns = await inspectStatement(connection, sql, columnsOf)
  await guesses.reject([])
  const described: Column[] = []
  for (const column of columns) {
    const guess = await guesses.reject([column.name]).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (guess !== undefined && !Fault.is(guess)) throw guess
    described.push(
      guess === undefined ? column : { ...column, guess: { message: guess.message, advice: guess.advice ?? '' } },
    )
  }
  return described
}

/** Tables and views of the open database, without DuckDB's internal ones. */
async function schema(
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
