import pg from 'pg'
import type { Connected, Server } from './connection.ts'

/** Methods of pg's connection that pg's types omit (8.23). */
interface Wire extends pg.Connection {
  connect(portOrPath: number | string, host?: string): void
  requestSsl(): void
  cancel(processId: number | null, secretKey: number | null): void
}

/**
 * Cancels the running query with PostgreSQL's CancelRequest. It needs no login, and a pooler such as PgBouncer forwards
 * it to our backend, whose process id only the pooler knows. Resolves when the server accepted the request; this does
 * not mean that a query was cancelled. (pg's own `client.cancel` does not support TLS, 8.23.)
 */
export async function requestCancel({ address, tls }: Server, client: Connected, signal: AbortSignal): Promise<void> {
  const wire = new pg.Connection({ ssl: tls }) as Wire
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const ask = () => wire.cancel(client.processID, client.secretKey)
  wire.on('connect', () => (tls === false ? ask() : wire.requestSsl()))
  wire.on('sslconnect', ask)
  // The server closes the connection without an answer.
  wire.on('end', resolve)
  wire.on('error', reject)
  const giveUp = () => reject(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    if (address.host.startsWith('/')) wire.connect(`${address.host}/.s.PGSQL.${address.port}`)
    else wire.connect(address.port, address.host)
    await promise
  } finally {
    signal.removeEventListener('abort', giveUp)
    wire.stream.destroy()
  }
}
