import pg from 'pg'
import type { Connected, Server } from './connection.ts'

/** What pg's own types leave out of its connection (8.23). */
interface Wire extends pg.Connection {
  connect(portOrPath: number | string, host?: string): void
  requestSsl(): void
  cancel(processId: number | null, secretKey: number | null): void
}

/**
 * Asks the server to end what a connection is doing, by PostgreSQL's own CancelRequest: it needs no login, and a pooler such as
 * PgBouncer hands it on to the backend that works for us, of which it tells nobody the number. Resolves when the request was taken,
 * which says nothing about whether anything was ended. (`client.cancel` of pg cannot speak TLS, 8.23.)
 */
export async function requestCancel({ address, tls }: Server, client: Connected, signal: AbortSignal): Promise<void> {
  const wire = new pg.Connection({ ssl: tls }) as Wire
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const ask = () => wire.cancel(client.processID, client.secretKey)
  wire.on('connect', () => tls === false ? ask() : wire.requestSsl())
  wire.on('sslconnect', ask)
  // The server takes it and hangs up without a word.
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
