import type { DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api'
import {
  columnNotFound,
  readAhead,
  readCancelled,
  type Cell,
  type Column,
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
    const texts = textsOf(columns, available, timezone)
    await guesses.reject(columns)
    const result = await connection.stream(`SELECT ${texts.join(', ')} FROM ${asSubquery(sql)}`)
    const nextChunk = async () => {
      if (left || signal.aborted) throw readCancelled(signal)
      const chunk = await result.fetchChunk()
      return chunk === null || chunk.rowCount === 0 ? undefined : rowsOf(chunk)
    }
    const nextPage = pagesOf(nextChunk, pageSize)
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

function textsOf(wanted: readonly string[], available: readonly Column[], timezone: string): readonly string[] {
  return wanted.map((name) => {
    const column = available.find((column) => column.name === name)
    if (column === undefined)
      throw columnNotFound(
        name,
        available.map((column) => column.name),
      )
    return textOf(column, timezone)
  })
}

/** Combines chunks (DuckDB's own size, 2,048 rows) to pages of exactly `pageSize`, except the last page. */
function pagesOf(
  nextChunk: () => Promise<readonly Row[] | undefined>,
  pageSize: number,
): () => Promise<readonly Row[]> {
  let rest: readonly Row[] = []
  return async () => {
    const page: Row[] = []
    for (;;) {
      const room = pageSize - page.length
      page.push(...rest.slice(0, room))
      rest = rest.slice(room)
      if (page.length === pageSize) return page
      const chunk = await nextChunk()
      if (chunk === undefined) return page
      rest = chunk
    }
  }
}

function rowsOf(chunk: DuckDBDataChunk): readonly Row[] {
  const columns = Array.from({ length: chunk.columnCount }, (_, index) => chunk.getColumnValues(index) as Cell[])
  return Array.from({ length: chunk.rowCount }, (_, row) => columns.map((cells) => cells[row] ?? null))
}
