import Cursor from 'pg-cursor'
import {
  chosenColumns,
  quoteName,
  readAhead,
  wrapQuery,
  type Column,
  type ReadOptions,
  type Row,
} from '../../connect/index.ts'
import { describe } from './columns.ts'
import { openLine } from './line.ts'
import type { Server } from './connection.ts'
import { dialect } from './dialect.ts'
import { queryFault } from './faults.ts'

/** Keeps every value as the text that PostgreSQL sent. */
const exactText = { getTypeParser: () => (text: string) => text }

/** Streams a query through a server-side cursor on its own connection. */
export async function* read(
  server: Server,
  sql: string,
  { columns, pageSize, signal }: ReadOptions,
): AsyncGenerator<readonly Row[]> {
  const line = await openLine(server, signal)
  const { client } = line
  try {
    const described = await line.run(() => describe(server, client, sql))
    const select = chosenColumns(described, columns).map(textOf).join(', ')
    const wrapped = wrapQuery(sql, dialect, { select })
    const cursor = client.query(new Cursor<string[]>(wrapped.text, [], { rowMode: 'array', types: exactText }))
    const nextPage = () =>
      line.run(() =>
        cursor.read(pageSize).catch((error: unknown) => {
          throw queryFault(error, sql, wrapped, server.address)
        }),
      )
    yield* readAhead(nextPage, pageSize)
    await line.run(() => client.query('ROLLBACK'))
  } finally {
    await line.close()
  }
}

/**
 * SQL for the text of a column. PostgreSQL's text of a value is already exact, including the padding of char(n). Only
 * values that other warehouses write differently are converted here.
 */
function textOf({ name, type, nativeType }: Pick<Column, 'name' | 'type' | 'nativeType'>): string {
  const column = quoteName(name, dialect)
  switch (type) {
    case 'boolean':
      return `${column}::text`
    // ISO 8601 with the session zone's offset at that time. A time without a zone is a time in the session's zone.
    case 'timestamp':
      return `to_json(${column}::timestamptz) #>> '{}'`
    // PostgreSQL writes NaN and Infinity as JSON strings. Numbers have no other quotes.
    case 'array':
      return /^(numeric|real|double)/.test(nativeType)
        ? `replace(to_json(${column})::text, '"', '')`
        : `to_json(${column})::text`
    // Composite types and hstore become JSON; json and jsonb already are.
    case 'json':
      return nativeType === 'json' || nativeType === 'jsonb' ? column : `to_json(${column})::text`
    default:
      return column
  }
}
