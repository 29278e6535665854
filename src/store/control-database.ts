import type { Socket } from 'node:net'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { Fault } from '../model/fault.ts'
import { connectFault } from './connect-fault.ts'
import { openEmbeddedServer } from './embedded/embedded-server.ts'
import { libpqUrl } from './libpq-url.ts'
import { migrate } from './migrate.ts'
import { watchLine } from './watched-line.ts'

export interface ControlDatabaseOptions {
  /** Absolute path of the .tailrace directory; made if missing when the embedded server is used. */
  readonly home: string
  /** Use this server instead of the embedded one: `postgres://user:password@host:port/database?sslmode=…`. */
  readonly databaseUrl?: string
  /** Default `tailrace`. */
  readonly schema?: string
  /** Most connections at a time; default 8. */
  readonly poolSize?: number
  /** For a process that stays up: end all connections when the server answers nothing any more. */
  readonly watched?: boolean
  /** Shown in pg_stat_activity; default `tailrace`. */
  readonly applicationName?: string
}

export interface ControlDatabase {
  /** Every connection has search_path set to the schema. int8 comes as text, as is pg's default. */
  readonly pool: pg.Pool
  /** Contains the password: never log it. */
  readonly url: string
  readonly schema: string
  /** For people, without secrets: `embedded PostgreSQL 18.4 in .tailrace/postgres`, `PostgreSQL 15.18 at db.example:5432/app`. */
  readonly description: string
  readonly embedded: boolean
  /** Makes the sockets of further connections to it, where it is watched. */
  readonly stream?: (() => Socket) | undefined
  /** Ends the pool, and stops the embedded server if nobody else uses it. May be called twice. */
  close(): Promise<void>
}

const migrations = fileURLToPath(new URL('./migrations', import.meta.url))
const oldestVersion = 14

/** Opens the control database, starting the embedded server where no URL is given, and brings its schema up to date. */
export async function openControlDatabase(options: ControlDatabaseOptions): Promise<ControlDatabase> {
  const schema = options.schema ?? 'tailrace'
  const applicationName = options.applicationName ?? 'tailrace'
  const server = options.databaseUrl ? undefined : await openEmbeddedServer({ home: options.home })
  const url = server?.url ?? options.databaseUrl ?? ''
  try {
    const version = await prepare(url, schema, applicationName)
    const line = options.watched === true ? watchLine({ url, applicationName }) : undefined
    const pool = openPool(url, schema, applicationName, { max: options.poolSize ?? 8, stream: line?.stream })
    const description = server === undefined
      ? `PostgreSQL ${version} at ${address(url)}`
      : `embedded PostgreSQL ${version} in ${shortPath(server.data, options.home)}`
    let closed: Promise<void> | undefined
    const close = async () => {
      try {
        await line?.close()
        await pool.end()
      } finally {
        await server?.release()
      }
    }
    return { pool, url, schema, description, embedded: server !== undefined, stream: line?.stream, close: () => closed ??= close() }
  } catch (error) {
    await server?.release()
    throw error
  }
}

/** Connects once, checks the version, migrates; answers the server's version for people. */
async function prepare(url: string, schema: string, applicationName: string): Promise<string> {
  const where = address(url)
  let client: pg.Client | undefined
  try {
    client = new pg.Client({ connectionString: libpqUrl(url), application_name: applicationName, connectionTimeoutMillis: 15_000 })
    client.on('error', () => { /* a connection that breaks also fails the query that waits on it */ })
    await client.connect()
    const { rows: [row] } = await client.query<{ text: string; number: number }>(
      `select current_setting('server_version') as text, current_setting('server_version_num')::int as number`,
    )
    const version = row?.text.split(' ')[0] ?? ''
    if ((row?.number ?? 0) < oldestVersion * 10_000) {
      throw new Fault('config', `The PostgreSQL at ${where} is version ${version}; Tailrace needs ${oldestVersion} or newer.`, {
        code: 'database-too-old',
        advice: 'Name a newer server in DATABASE_URL, or unset it to use the embedded one.',
      })
    }
    await migrate(client, { directory: migrations, schema })
    return version
  } catch (error) {
    throw Fault.is(error) ? error : connectFault(error, where)
  } finally {
    await client?.end()
  }
}

function openPool(url: string, schema: string, applicationName: string, { max, stream }: { readonly max: number; readonly stream: (() => Socket) | undefined }): pg.Pool {
  const pool = new pg.Pool({
    connectionString: libpqUrl(url),
    application_name: applicationName,
    max,
    keepAlive: true,
    ...stream && { stream },
    // Not a start-up option: connection poolers such as PgBouncer refuse those.
    onConnect: async client => { await client.query(`set search_path to ${pg.escapeIdentifier(schema)}`) },
  })
  // One that is taken out of the pool has nobody else to hear of its end, and what nobody hears ends the process.
  pool.on('connect', client => client.on('error', () => { /* its next query, or the one that waits, tells */ }))
  pool.on('error', () => { /* an idle connection broke: the pool has dropped it, and the next query opens another or tells */ })
  return pool
}

/** `host:port/database` of a URL, without its secrets. */
function address(url: string): string {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new Fault('usage', 'DATABASE_URL is not a PostgreSQL URL.', {
      code: 'database-url-invalid',
      advice: 'It looks like postgres://user:password@host:5432/database; special characters in a password are written as %XX.',
    })
  }
  const { hostname, port, pathname, searchParams } = new URL(url)
  return `${searchParams.get('host') ?? hostname}:${searchParams.get('port') ?? (port || '5432')}${pathname}`
}

function shortPath(path: string, home: string): string {
  const short = relative(dirname(home), path)
  return short.startsWith('..') ? path : short
}
