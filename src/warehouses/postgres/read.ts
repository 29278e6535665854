import Cursor from 'pg-cursor'
import { type Log, readAhead, readCancelled, type ReadOptions, type Row } from '../../connect/index.ts'
import { connectReadOnly, type Server, stop } from './connection.ts'
import { queryFault } from './query-fault.ts'
import { wrap } from './statement.ts'

/** Every value stays the text that PostgreSQL sent, but for booleans (type 16): `true` and `false`, as in any other warehouse. */
const exactText = {
  getTypeParser: (type: number) => type === 16 ? (text: string) => text === 't' ? 'true' : 'false' : (text: string) => text,
}

/** Streams a query through a server-side cursor, on a connection of its own. */
export async function* read(server: Server, log: Log, sql: string, options: ReadOptions): AsyncGenerator<readonly Row[]> {
  const { columns, pageSize, signal } = options
  if (signal.aborted) throw readCancelled(signal)
  const { text, offset } = wrap(sql, columns)
  const client = await connectReadOnly(server)
  let stopping: Promise<void> | undefined
  const cancel = () => {
    stopping ??= stop(server, client).catch((error: unknown) => {
      log.warn('A cancelled query may run on in the warehouse', { reason: error instanceof Error ? error.message : String(error) })
    })
  }
  signal.addEventListener('abort', cancel, { once: true })
  let underWay = true
  try {
    if (signal.aborted) throw readCancelled(signal)
    const cursor = client.query(new Cursor<string[]>(text, [], { rowMode: 'array', types: exactText }))
    yield* readAhead(() => cursor.read(pageSize), pageSize)
    if (signal.aborted) throw readCancelled(signal)
    await client.query('ROLLBACK')
    underWay = false
  } catch (error) {
    underWay = signal.aborted
    throw signal.aborted ? readCancelled(signal) : queryFault(error, sql, offset, server.address, columns)
  } finally {
    signal.removeEventListener('abort', cancel)
    if (underWay) cancel()
    await (stopping ?? client.end())
  }
}
