import type { DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api'
import {
  cutPages,
  readAhead,
  readCancelled,
  chosenColumns,
  type Cell,
  type ReadOptions,
  type Row,
} from '../../connect/index.ts'
import { columnsOf, textOf } from './columns.ts'
import { interruptOnAbort } from './database.ts'
import { readFault } from './faults.ts'
import { inspectFiles, type FileAccess } from './files.ts'
import { asSubquery, inspectStatement, rejectOtherThanSelect } from './statement.ts'

/** An open database and its read settings. */
export interface Source {
  readonly instance: DuckDBInstance
  readonly files: FileAccess
  readonly timezone: string
}

/** Streams a query on its own connection. DuckDB converts each value to its exact text. */
export async function* read(
  { instance, files, timezone }: Source,
  sql: string,
  { columns, pageSize, signal }: ReadOptions,
): AsyncGenerator<readonly Row[]> {
  if (signal.aborted) throw readCancelled(signal)
  const connection = await instance.connect()
  const stopInterrupting = interruptOnAbort(connection, signal)
  let page: Promise<readonly Row[]> | undefined
  let left = false
  try {
    await rejectOtherThanSelect(connection, sql)
    const guesses = await inspectFiles(connection, sql, files)
    const available = await inspectStatement(connection, sql, columnsOf)
    const texts = chosenColumns(available, columns).map((column) => textOf(column, timezone))
    await guesses.reject(columns)
    const result = await connection.stream(`SELECT ${texts.join(', ')} FROM ${asSubquery(sql)}`)
    const nextChunk = async () => {
      if (left || signal.aborted) throw readCancelled(signal)
      const chunk = await result.fetchChunk()
      return chunk === null || chunk.rowCount === 0 ? undefined : rowsOf(chunk)
    }
    const nextPage = cutPages(nextChunk, pageSize)
    yield* readAhead(() => (page = nextPage()), pageSize)
    if (signal.aborted) throw readCancelled(signal)
  } catch (error) {
    throw signal.aborted ? readCancelled(signal) : readFault(error, sql)
  } finally {
    left = true
    connection.interrupt()
    // If the consumer stops early, a page is still being fetched. DuckDB must finish it before the connection closes.
    await page?.catch(() => undefined)
    stopInterrupting()
    connection.closeSync()
  }
}

function rowsOf(chunk: DuckDBDataChunk): readonly Row[] {
  const columns = Array.from({ length: chunk.columnCount }, (_, index) => chunk.getColumnValues(index) as Cell[])
  return Array.from({ length: chunk.rowCount }, (_, row) => columns.map((cells) => cells[row] ?? null))
}
