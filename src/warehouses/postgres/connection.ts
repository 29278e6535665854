import type { ConnectionOptions } from 'node:tls'
import pg from 'pg'
import { Fault, quoteText, readCancelled, settledWithin, type Log } from '../../connect/index.ts'
import type { Address } from './address.ts'
import { dialect } from './dialect.ts'
import { connectFault } from './faults.ts'

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

/**
 * Settings of our transaction only, so they do not leak to other clients of a pooler. Output is in ISO formats, and
 * floats are exact. The server also ends a query within seconds after its client is gone
 * (`client_connection_check_interval`, PostgreSQL 14 and newer, not on Windows), and keepalives detect a lost machine
 * within a minute, not after two hours.
 */
function sessionSettings({
  statementTimeoutMs,
  timezone,
}: {
  readonly statementTimeoutMs: number
  readonly timezone: string
}): string {
  return `
    SET LOCAL statement_timeout = ${statementTimeoutMs};
    SET LOCAL datestyle = 'ISO'; SET LOCAL TimeZone = ${quoteText(timezone, dialect)}; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL bytea_output = 'hex';
    SET LOCAL extra_float_digits = 1; SET LOCAL standard_conforming_strings = on; SET LOCAL jit = off;
    SET LOCAL tcp_keepalives_idle = 30; SET LOCAL tcp_keepalives_interval = 10; SET LOCAL tcp_keepalives_count = 3;
    SELECT set_config(name, '5s', true) FROM pg_catalog.pg_settings WHERE name = 'client_connection_check_interval' AND version() !~* 'windows|mingw|visual c|msvc'`
}
