import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { readCancelled } from '../../connect/index.ts'

/** DuckDB loses an interrupt that comes between two steps of a query, so it is repeated at this interval. */
const againMs = 50

/** From an abort on, interrupts the connection's work until the returned function is called. */
export function interruptOnAbort(connection: DuckDBConnection, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined
  const start = () => {
    connection.interrupt()
    timer = setInterval(() => connection.interrupt(), againMs)
  }
  if (signal.aborted) start()
  else signal.addEventListener('abort', start, { once: true })
  return () => {
    signal.removeEventListener('abort', start)
    clearInterval(timer)
  }
}

/** Opens a connection for one piece of work. */
export async function withConnection<T>(
  instance: DuckDBInstance,
  signal: AbortSignal,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  if (signal.aborted) throw readCancelled(signal)
  const connection = await instance.connect()
  const leave = interruptOnAbort(connection, signal)
  try {
    return await use(connection)
  } catch (error) {
    throw signal.aborted ? readCancelled(signal) : error
  } finally {
    leave()
    connection.closeSync()
  }
}
