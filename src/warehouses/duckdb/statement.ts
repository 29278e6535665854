import { type DuckDBConnection, type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api'
import { queryFailed, queryNotReadOnly } from '../../connect/index.ts'
import { queryFault } from './faults.ts'

/**
 * The user's text, parsed and bound by DuckDB itself (not run): one statement, of the kind that only reads.
 * `use` gets the prepared statement, which is gone afterwards.
 */
export async function inspectStatement<T>(
  connection: DuckDBConnection,
  sql: string,
  use: (statement: DuckDBPreparedStatement) => T,
): Promise<T> {
  const statement = await prepare(connection, sql)
  try {
    if (statement.statementType !== StatementType.SELECT) {
      throw queryNotReadOnly(`this is a statement of type ${StatementType[statement.statementType]}.`)
    }
    if (statement.parameterCount > 0) throw queryFailed('it has parameters ($1 or ?), and there is nothing to fill them with.', sql)
    return use(statement)
  } finally {
    statement.destroySync()
  }
}

async function prepare(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  // Without a single statement the bindings fail with "Error in native callback" (1.5.5-r.5, 2026-11).
  const extracted = await connection.extractStatements(sql).catch((error: unknown) => {
    throw /native callback/.test(String(error)) ? queryFailed('it is empty.', sql) : queryFault(error, sql)
  })
  if (extracted.count > 1) {
    throw queryNotReadOnly(`DuckDB makes ${extracted.count} statements of this (a PIVOT without IN (…) counts as several).`)
  }
  return await extracted.prepare(0).catch((error: unknown) => {
    throw queryFault(error, sql)
  })
}
