import pg from 'pg'
import { readCancelled, settledWithin } from '../../connect/index.ts'
import { beginReadOnly, connect, hangUp, type Connected, type Server } from './connection.ts'

/** Time for the server to end a cancelled query before its connection is cut. */
const stopMs = 3000
/** A CancelRequest that arrives before the query starts is lost, so it is repeated at this interval. */
const againMs = 500

/**
 * A connection with a read-only transaction. An abort also cancels the running query in the server. If the server does
 * not respond, the connection is cut.
 */
export interface Line {
  readonly client: Connected
  /** Runs one piece of work on the connection. After an abort, throws the abort reason instead of the work's result. */
  run<T>(work: () => Promise<T>): Promise<T>
  /** Closes the connection. Cancels work that is still running. */
  close(): Promise<void>
}

export async function openLine(server: Server, signal: AbortSignal): Promise<Line> {
  const client = await connect(server, signal)
  let underWay: Promise<unknown> | undefined
  let stopping: Promise<void> | undefined
  /** Rejects the running work if it does not end by itself. */
  let leave: ((error: Error) => void) | undefined
  const stop = () => {
    stopping ??= stopWork(server, client, underWay).then(() => leave?.(readCancelled(signal)))
  }
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    if (signal.aborted) throw readCancelled(signal)
    const working = work()
    underWay = working
    try {
      // No Promise.race with one long-lived promise: it would keep every finished page in memory.
      return await new Promise<T>((resolve, reject) => {
        leave = reject
        working.then(resolve, reject)
      })
    } catch (error) {
      // After an abort, throw only when the server has ended the query or the wait for it is over.
      await stopping
      throw signal.aborted ? readCancelled(signal) : error
    } finally {
      if (underWay === working && stopping === undefined) underWay = undefined
    }
  }
  const close = async () => {
    signal.removeEventListener('abort', stop)
    if (underWay !== undefined) stop()
    await (stopping ?? hangUp(client))
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    await run(() => beginReadOnly(server, client))
  } catch (error) {
    await close()
    throw error
  }
  return { client, run, close }
}

/** Cancels the work in the server and waits until it ends, at most `stopMs`. Then cuts the connection. */
async function stopWork(server: Server, client: Connected, underWay: Promise<unknown> | undefined): Promise<void> {
  const over = AbortSignal.timeout(stopMs)
  let trouble: unknown
  let isEnded = underWay === undefined
  while (!isEnded && !over.aborted) {
    await requestCancel(server, client, over).catch((error: unknown) => (trouble = error))
    isEnded = underWay === undefined || (await settledWithin(underWay, againMs))
  }
  if (!isEnded) {
    const reason = trouble instanceof Error ? trouble.message : 'it did not end in time'
    server.log.warn('A cancelled query can continue to run in the warehouse for some seconds', {
      host: server.address.host,
      reason,
    })
  }
  client.connection.stream.destroy()
}

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
async function requestCancel({ address, tls }: Server, client: Connected, signal: AbortSignal): Promise<void> {
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
