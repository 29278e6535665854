import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api'
import { queryFailed, queryNotReadOnly, quoteText } from '../../connect/index.ts'
import { dialect } from './dialect.ts'
import { queryFault, words } from './faults.ts'

/**
 * `query()` takes a text that DuckDB parses as exactly one SELECT (or WITH, FROM, VALUES, SHOW, DESCRIBE). The text
 * cannot break out of it, and comments and semicolons are harmless.
 */
export function asSubquery(sql: string): string {
  return `query(${literal(sql)})`
}

/** A text as an SQL string literal. */
export function literal(text: string): string {
  return quoteText(text, dialect)
}

/** Binds the user's SQL without running it. The prepared statement is valid only inside `use`. */
export async function inspectStatement<T>(
  connection: DuckDBConnection,
  sql: string,
  use: (statement: DuckDBPreparedStatement) => T,
): Promise<T> {
  const statement = await connection.prepare(sql).catch((error: unknown) => {
    throw queryFault(error, sql)
  })
  try {
    if (statement.parameterCount > 0)
      throw queryFailed('the query has parameters ($1 or ?), and Tailrace has no values for them.', sql)
    return use(statement)
  } finally {
    statement.destroySync()
  }
}

/**
 * Rejects statements that write, by the parser alone: binding an EXPORT or ATTACH already creates files (DuckDB 1.5.5,
 * 2026-11). Other errors are left to `inspectStatement`, because only there DuckDB reports their position.
 */
export async function rejectOtherThanSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  try {
    const statement = await connection.prepare(`FROM ${asSubquery(sql)}`)
    statement.destroySync()
  } catch (error) {
    const said = words(error)
    if (/Expected a single SELECT statement/.test(said)) {
      throw (await isEmpty(connection, sql))
        ? queryFailed('the query is empty.', sql)
        : queryNotReadOnly('the query is not one SELECT.')
    }
    if (/PIVOT statements without/.test(said))
      throw queryFailed('a PIVOT must list its values: PIVOT … ON column IN (…).', sql)
  }
}

/** For a text without any statement the bindings fail with "Error in native callback" (1.5.5-r.5, 2026-11). */
async function isEmpty(connection: DuckDBConnection, sql: string): Promise<boolean> {
  return await connection.extractStatements(sql).then(
    (extracted) => extracted.count === 0,
    () => true,
  )
}
