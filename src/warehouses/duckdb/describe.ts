import type { DuckDBConnection } from '@duckdb/node-api'
import { type Column, Fault } from '../../connect/index.ts'
import { columnsOf } from './columns.ts'
import { type FileAccess, inspectFiles } from './files.ts'
import { inspectStatement, rejectOtherThanSelect } from './statement.ts'

/** The query's output columns. Columns whose values depend on guessed types are marked. */
export async function describeQuery(
  connection: DuckDBConnection,
  sql: string,
  files: FileAccess,
): Promise<readonly Column[]> {
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
