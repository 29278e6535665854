import type { DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api'
import { type Cell, type Column, columnNotFound, readAhead, readCancelled, type Row } from '../../connect/index.ts'
import type { ReadOptions } from '../../connect/index.ts'
import { columnsOf, textOf } from './columns.ts'
import { readFault } from './faults.ts'
import { asSubquery, inspectStatement } from './statement.ts'

/** Streams a query on a connection of its own; DuckDB turns each value into its exact text. */
export async function* read(instance: DuckDBInstance, sql: string, { columns, pageSize, signal }: ReadOptions): AsyncGenerator<readonly Row[]> {
  if (signal.aborted) throw readCancelled(signal)
  const connection = await instance.connect()
  const interrupt = () => connection.interrupt()
  signal.addEventListener('abort', interrupt, { once: true })
  let page: Promise<readonly Row[]> | undefined
  let left = false
  try {
    const available = await inspectStatement(connection, sql, columnsOf)
    const result = await connection.stream(projection(sql, columns, available))
    const nextChunk = async () => {
      if (left || signal.aborted) throw readCancelled(signal)
      const chunk = await result.fetchChunk()
      return chunk === null || chunk.rowCount === 0 ? undefined : rowsOf(chunk)
    }
    const nextPage = pagesOf(nextChunk, pageSize)
    yield* readAhead(() => page = nextPage(), pageSize)
  } catch (error) {
    throw signal.aborted ? readCancelled(signal) : readFault(error, sql)
  } finally {
    signal.removeEventListener('abort', interrupt)
    left = true
    interrupt()
    // A consumer that leaves early leaves a page under way: DuckDB must be done with it before its connection goes.
    await page?.catch(() => undefined)
    connection.closeSync()
  }
}

function projection(sql: string, wanted: readonly string[], available: readonly Column[]): string {
  const texts = wanted.map(name => {
    const column = available.find(column => column.name === name)
    if (column === undefined) throw columnNotFound(name, available.map(column => column.name))
    return textOf(column)
  })
  return `SELECT ${texts.join(', ')} FROM ${asSubquery(sql)}`
}

/** Cuts chunks (2,048 rows, DuckDB's own size) into pages of exactly `pageSize`, but for the last. */
function pagesOf(nextChunk: () => Promise<readonly Row[] | undefined>, pageSize: number): () => Promise<readonly Row[]> {
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
  return Array.from({ length: chunk.rowCount }, (_, row) => columns.map(cells => cells[row] ?? null))
}

