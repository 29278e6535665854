import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { Fault } from '../../model/fault.ts'
import { connectFault } from './database-connect-fault.ts'
import { databaseClock, type DatabaseClock } from './database-clock.ts'
import { openEmbeddedServer } from '../../embedded-postgres/embedded-server.ts'
import type { ServerNews } from '../../embedded-postgres/watch-server.ts'
import { libpqUrl } from './libpq-url.ts'
import { migrate } from './migrate.ts'
import { heartbeatOf, processTag, type ProcessFacts } from '../queue/processes.ts'
import { requireSessions } from './session-check.ts'
import { keptAlive, sessionSettings } from './database-session-settings.ts'
import { watchLine } from './watched-line.ts'

export interface ControlDatabaseOptions {
  /** Absolute path of the .tailrace directory; created if missing when the embedded server is used. */
  readonly home: string
  /** Use this server instead of the embedded one: `postgres://user:password@host:port/database?sslmode=…`. */
  readonly databaseUrl?: string
  /** Default `tailrace`. */
  readonly schema?: string
  /** Maximum number of connections; default 8. */
  readonly poolSize?: number
  /**
   * For a process that works on Runs: it is listed with its heartbeat, its connections share a name of their own, and
   * they end when the server stops answering.
   */
  readonly process?: ProcessFacts
  /** Reports events of the embedded server for a listed process: the server is restarted when it ends. */
  readonly onServerNews?: (news: ServerNews) => void
  /** Shown in pg_stat_activity; default `tailrace`, and for a listed process its tag. */
  readonly applicationName?: string
}

export interface ControlDatabase {
  /** Every connection has search_path set to the schema. int8 values are text, pg's default. */
  readonly pool: pg.Pool
  /** Contains the password: never log it. */
  readonly url: string
  readonly schema: string
  /**
   * For users, without secrets: `embedded PostgreSQL 18.4 in .tailrace/postgres`, `PostgreSQL 15.18 at
   * db.example:5432/app`.
   */
  readonly description: string
  readonly embedded: boolean
  /** The application_name of its connections. */
  readonly applicationName: string
  /** Its clock, in epoch milliseconds. */
  readonly now: () => number
  /** Creates the sockets of further connections to it, if it is watched. */
  readonly stream?: (() => Socket) | undefined
  /** Ends the pool, and stops the embedded server if no other process uses it. May be called twice. */
  close(): Promise<void>
}

const migrations = fileURLToPath(new URL('../migrations', import.meta.url))
const oldestVersion = 14

/** Opens the control database (starts the embedded server if no URL is given) and migrates its schema. */
export async function openControlDatabase(options: ControlDatabaseOptions): Promise<ControlDatabase> {
  const schema = options.schema ?? 'tailrace'
  const { process: facts } = options
  const applicationName =
    options.applicationName ?? (facts === undefined ? 'tailrace' : processTag(facts, randomBytes(4).toString('hex')))
  const server = options.databaseUrl ? undefined : await openEmbeddedServer({ home: options.home })
  const url = server?.url ?? options.databaseUrl ?? ''
  const clock = databaseClock()
  try {
    const version = await prepare(url, { schema, applicationName, clock, mayBePooled: server === undefined })
    const heartbeat = facts && heartbeatOf(schema, applicationName, facts, clock)
    const line =
      heartbeat &&
      watchLine({
        url,
        applicationName,
        sign: (client) => heartbeat.beat(client),
        ...(server !== undefined && { port: () => server.port }),
      })
    if (facts !== undefined) server?.watch(options.onServerNews ?? (() => undefined))
    const pool = openPool(url, schema, applicationName, { max: options.poolSize ?? 8, stream: line?.stream })
    const description =
      server === undefined
        ? `PostgreSQL ${version} at ${address(url)}`
        : `embedded PostgreSQL ${version} in ${shortPath(server.data, options.home)}`
    let closed: Promise<void> | undefined
    const close = async () => {
      try {
        await line?.close()
        // If this fails, the entry in the list expires later.
        await heartbeat?.leave(pool).catch(() => undefined)
        await pool.end()
      } finally {
        await server?.release()
      }
    }
    return {
      pool,
      url,
      schema,
      description,
      embedded: server !== undefined,
      applicationName,
      now: clock.now,
      stream: line?.stream,
      close: () => (closed ??= close()),
    }
  } catch (error) {
    await server?.release()
    throw error
  }
}

interface Preparing {
  /** Undefined: no migration. */
  readonly schema: string | undefined
  readonly applicationName: string
  readonly clock: DatabaseClock
  /** Not the embedded server: there may be a connection pooler in between. */
  readonly mayBePooled: boolean
}

/** Checks that a server can be the control database, without changes there. Returns its description for users. */
export async function checkControlDatabase(url: string): Promise<string> {
  return `PostgreSQL ${await prepare(url, { schema: undefined, applicationName: 'tailrace', clock: databaseClock(), mayBePooled: true })} at ${address(url)}`
}

/** Connects, checks the version, migrates; returns the server's version for users. */
async function prepare(url: string, { schema, applicationName, clock, mayBePooled }: Preparing): Promise<string> {
  const where = address(url)
  const clients: pg.Client[] = []
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({
      connectionString: libpqUrl(url),
      application_name: applicationName,
      connectionTimeoutMillis: 15_000,
      ...keptAlive,
    })
    clients.push(client)
    client.on('error', () => {
      /* a broken connection also fails its pending query */
    })
    await client.connect()
    return client
  }
  try {
    const client = await connect()
    const askedAt = performance.now()
    const {
      rows: [row],
    } = await client.query<{ text: string; number: number; encoding: string; now: number }>(
      `select current_setting('server_version') as text, current_setting('server_version_num')::int as number, current_setting('server_encoding') as encoding,
         extract(epoch from clock_timestamp())::float8 * 1000 as now`,
    )
    clock.set(row?.now ?? Date.now(), askedAt, performance.now())
    const version = row?.text.split(' ')[0] ?? ''
    if ((row?.number ?? 0) < oldestVersion * 10_000) {
      throw new Fault(
        'config',
        `The PostgreSQL at ${where} is version ${version}; Tailrace needs ${oldestVersion} or newer.`,
        {
          code: 'database-too-old',
          advice: 'Name a newer server in DATABASE_URL, or unset it to use the embedded one.',
        },
      )
    }
    if (row?.encoding !== 'UTF8') {
      throw new Fault(
        'config',
        `The database at ${where} has the encoding ${row?.encoding}; Tailrace needs UTF8, or it cannot store all names and e-mail addresses.`,
        {
          code: 'database-encoding',
          advice: `Name another database in DATABASE_URL, created with: create database tailrace encoding 'UTF8' template template0`,
        },
      )
    }
    if (mayBePooled) await requireSessions(client, connect, where)
    await client.query(sessionSettings(schema))
    if (schema !== undefined) await migrate(client, { directory: migrations, schema })
    return version
  } catch (error) {
    throw Fault.is(error) ? error : connectFault(error, where)
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
}

function openPool(
  url: string,
  schema: string,
  applicationName: string,
  { max, stream }: { readonly max: number; readonly stream: (() => Socket) | undefined },
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: libpqUrl(url),
    application_name: applicationName,
    max,
    ...keptAlive,
    ...(stream && { stream }),
    onConnect: async (client) => {
      await client.query(sessionSettings(schema))
    },
  })
  // A client taken out of the pool has no other listener, and an 'error' event without one ends the process.
  pool.on('connect', (client) =>
    client.on('error', () => {
      /* the pending or next query reports it */
    }),
  )
  pool.on('error', () => {
    /* an idle connection broke: the pool drops it, and the next query opens another or reports the error */
  })
  return pool
}

/** `host:port/database` of a URL, without its secrets. */
function address(url: string): string {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new Fault('usage', 'DATABASE_URL is not a PostgreSQL URL.', {
      code: 'database-url-invalid',
      advice:
        'Write it like postgres://user:password@host:5432/database. Write special characters in a password as %XX.',
    })
  }
  const { hostname, port, pathname, searchParams } = new URL(url)
  return `${searchParams.get('host') ?? hostname}:${searchParams.get('port') ?? (port || '5432')}${pathname}`
}

function shortPath(path: string, home: string): string {
  const short = relative(dirname(home), path)
  return short.startsWith('..') ? path : short
}
