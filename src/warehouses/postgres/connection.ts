import pg from 'pg'
import type { ConnectionOptions } from 'node:tls'
import { Fault, type Log, readCancelled, settledWithin } from '../../connect/index.ts'
import type { Address } from './address.ts'
import { connectFault } from './connect-fault.ts'
import { sessionSettings } from './session-settings.ts'

export interface Server {
  readonly address: Address
  readonly tls: ConnectionOptions | false
  readonly statementTimeoutMs: number
  readonly timezone: string
  readonly log: Log
}

export type Connected = pg.Client & { readonly processID: number | null; readonly secretKey: number | null }

/** Time for the server to close a connection, in milliseconds. */
const farewellMs = 1000

/**
 * Opens a connection, which the caller closes. An abort ends the attempt at once, even if the server does not answer.
 */
export async function connect({ address, tls }: Server, signal: AbortSignal): Promise<Connected> {
  if (signal.aborted) throw readCancelled(signal)
  const client = new pg.Client({
    host: address.host,
    port: address.port,
    database: address.database,
    user: address.user,
    password: address.password,
    options: address.options,
    ssl: tls,
    application_name: 'tailrace',
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  }) as Connected
  // Without a listener, the error of a broken idle connection would end the process. Its next use throws.
  client.on('error', () => undefined)
  const aborted = Promise.withResolvers<never>()
  const giveUp = () => aborted.reject(readCancelled(signal))
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    await Promise.race([client.connect(), aborted.promise])
  } catch (error) {
    client.connection.stream.destroy()
    throw signal.aborted ? readCancelled(signal) : connectFault(error, address)
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
  return client
}

/** Begins a read-only transaction with one snapshot of the database. Closing the connection rolls it back. */
export async function beginReadOnly(server: Server, client: Connected): Promise<void> {
  try {
    await client.query(`BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; ${sessionSettings(server)}`)
  } catch (error) {
    throw beginFault(error, server)
  }
}

function beginFault(error: unknown, { address, timezone }: Server): Fault {
  const { code, message } = error as pg.DatabaseError
  if (code === '22023' && /TimeZone/i.test(message)) {
    return new Fault('config', `The server at ${address.host} does not know the time zone "${timezone}".`, {
      code: 'timezone-unknown',
      advice: 'Set timezone of this warehouse to a name from pg_timezone_names of the server.',
    })
  }
  return connectFault(error, address)
}

/** Closes an idle connection cleanly, but waits at most `farewellMs` for the server. */
export async function hangUp(client: Connected): Promise<void> {
  if (!(await settledWithin(client.end(), farewellMs))) client.connection.stream.destroy()
}
