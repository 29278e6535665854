import Cursor from 'pg-cursor'
import { columnNotFound, readAhead, type ReadOptions, type Row } from '../../connect/index.ts'
import { describe } from './columns.ts'
import { openLine } from './line.ts'
import type { Server } from './connection.ts'
import { queryFault } from './query-fault.ts'
import { wrap } from './statement.ts'
import { textOf } from './text-of.ts'

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
    const texts = columns.map((name) => {
      const column = described.find((each) => each.name === name)
      if (column === undefined)
        throw columnNotFound(
          name,
          described.map((each) => each.name),
        )
      return textOf(column)
    })
    const { text, offset } = wrap(sql, texts.join(', '))
    const cursor = client.query(new Cursor<string[]>(text, [], { rowMode: 'array', types: exactText }))
    const nextPage = () =>
      line.run(() =>
        cursor.read(pageSize).catch((error: unknown) => {
          throw queryFault(error, sql, offset, server.address)
        }),
      )
    yield* readAhead(nextPage, pageSize)
    await line.run(() => client.query('ROLLBACK'))
  } finally {
    await line.close()
  }
}
