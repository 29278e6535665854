import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api'
import { queryFailed, queryNotReadOnly } from '../../connect/index.ts'
import { queryFault, words } from './faults.ts'

/**
 * `query()` takes a text that DuckDB parses as exactly one SELECT (or WITH, FROM, VALUES, SHOW, DESCRIBE): it cannot break out,
 * and comments and semicolons do no harm.
 */
export function asSubquery(sql: string): string {
  return `query(${literal(sql)})`
}

/** A text as SQL has it. */
export function literal(text: string): string {
  return `'${text.replaceAll('\'', '\'\'')}'`
}

/** The user's text, bound by DuckDB itself, not run; `use` gets the prepared statement, which is gone afterwards. */
export async function inspectStatement<T>(
  connection: DuckDBConnection,
  sql: string,
  use: (statement: DuckDBPreparedStatement) => T,
): Promise<T> {
  const statement = await connection.prepare(sql).catch((error: unknown) => {
    throw queryFault(error, sql)
  })
  try {
    if (statement.parameterCount > 0) throw queryFailed('it has parameters ($1 or ?), and there is nothing to fill them with.', sql)
    return use(statement)
  } finally {
    statement.destroySync()
  }
}

/**
 * Statements that write are refused by the parser, before anything else: to bind an EXPORT or ATTACH already makes files (1.5.5, 2026-11).
 * Other errors wait for the text itself to be prepared, since only then does DuckDB tell their place.
 */
export async function rejectOtherThanSelect(connection: DuckDBConnection, sql: string): Promise<void> {
  try {
    const statement = await connection.prepare(`FROM ${asSubquery(sql)}`)
    statement.destroySync()
  } catch (error) {
    const said = words(error)
    if (/Expected a single SELECT statement/.test(said)) {
      throw await isEmpty(connection, sql) ? queryFailed('it is empty.', sql) : queryNotReadOnly('this is not one SELECT.')
    }
    if (/PIVOT statements without/.test(said)) throw queryFailed('a PIVOT must list its values: PIVOT … ON column IN (…).', sql)
  }
}

/** Without any statement the bindings fail with "Error in native callback" (1.5.5-r.5, 2026-11). */
async function isEmpty(connection: DuckDBConnection, sql: string): Promise<boolean> {
  return await connection.extractStatements(sql).then(extracted => extracted.count === 0, () => true)
}
