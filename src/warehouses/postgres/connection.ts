import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import pg from 'pg'
import { Fault } from '../../connect/index.ts'
import type { Address } from './address.ts'
import { connectFault } from './connect-fault.ts'

export interface Server {
  readonly address: Address
  /** PEM text of the authority to trust. */
  readonly ca: string | undefined
  readonly statementTimeoutMs: number
}

export type Connected = pg.Client & { readonly processID: number }

export async function serverAt(address: Address, baseDir: string, statementTimeoutMs: number): Promise<Server> {
  if (address.sslRootCert === undefined) return { address, ca: undefined, statementTimeoutMs }
  const file = resolve(baseDir, address.sslRootCert)
  const ca = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Fault('config', `The CA certificate ${file} cannot be read (${error.code}).`, { code: 'certificate-not-found' })
  })
  return { address, ca, statementTimeoutMs }
}

/** A new connection, which the caller ends. */
async function connect({ address, ca }: Server): Promise<Connected> {
  const client = new pg.Client({
    host: address.host,
    port: address.port,
    database: address.database,
    user: address.user,
    password: address.password,
    options: address.options,
    ssl: address.ssl === 'disable' ? false : { rejectUnauthorized: address.ssl === 'verify-full', ...(ca === undefined ? {} : { ca }) },
    application_name: 'tailrace',
    connectionTimeoutMillis: 15_000,
    keepAlive: true,
  }) as Connected
  // A connection that breaks while nobody awaits it would end the process; whoever uses it next is told.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    await client.end().catch(() => undefined)
    throw connectFault(error, address)
  }
  return client
}

/**
 * A connection inside a read-only transaction that sees one moment of the database, with output in ISO formats and UTC.
 * Ending the connection rolls it back.
 */
export async function connectReadOnly(server: Server): Promise<Connected> {
  const client = await connect(server)
  try {
    await client.query(`
      BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
      SET LOCAL statement_timeout = ${server.statementTimeoutMs};
      SET LOCAL datestyle = 'ISO'; SET LOCAL TimeZone = 'UTC'; SET LOCAL intervalstyle = 'iso_8601'; SET LOCAL bytea_output = 'hex';
      SET LOCAL extra_float_digits = 1; SET LOCAL standard_conforming_strings = on; SET LOCAL jit = off`)
  } catch (error) {
    await client.end()
    throw connectFault(error, server.address)
  }
  return client
}

/**
 * Stops what a connection is doing, at once: PostgreSQL notices a closed connection only when it next sends rows, so the
 * query is cancelled from a second one. (pg's own `client.cancel` cannot speak TLS, 8.23.)
 */
export async function stop(server: Server, client: Connected): Promise<void> {
  try {
    const other = await connect(server)
    try {
      await other.query('SELECT pg_cancel_backend($1)', [client.processID])
    } finally {
      await other.end()
    }
  } finally {
    await client.end()
  }
}
