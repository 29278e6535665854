import { createHash, randomBytes } from 'node:crypto'
import { lstat, mkdir, readFile, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { openControlDatabase } from '../../store/database/control-database.ts'
import { openEmbeddedServer } from '../../embedded-postgres/embedded-server.ts'

export interface TestDatabase {
  /** A pool with the search_path `tailrace`, in which all migrations are applied. */
  readonly pool: pg.Pool
  readonly url: string
  close(): Promise<void>
}

export interface TestDatabaseOptions {
  /**
   * A superuser's URL of a server to use instead of the embedded one. Default: TAILRACE_TEST_DATABASE_URL, if set. A
   * database `template_…` stays on that server for the next call.
   */
  readonly url?: string | undefined
  readonly poolSize?: number
}

/** Fast, without crash safety: the data of these servers is temporary. */
const settings = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' }

/**
 * Creates an empty control database on a real server. All test processes of a user share one embedded server: the first
 * starts it, the last stops it. Its data directory stays in the temporary directory (or in TAILRACE_TEST_DATABASES), so
 * initdb and the migrations run once and each call only copies a template. With a test context, the database is closed
 * after the test.
 */
export async function testDatabase(t?: TestContext, options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  if (!process.listeners('SIGTERM').includes(exitInOrder)) process.on('SIGTERM', exitInOrder).on('SIGINT', exitInOrder)
  const givenUrl = options.url ?? process.env['TAILRACE_TEST_DATABASE_URL']
  const home = join(process.env['TAILRACE_TEST_DATABASES'] ?? tmpdir(), `tailrace-test-${process.getuid?.() ?? 'user'}`)
  const server = givenUrl ? undefined : await openTestServer(home)
  const serverUrl = server?.url ?? givenUrl ?? ''
  const name = `test_${process.pid}_${randomBytes(4).toString('hex')}`
  try {
    if (server?.started === true) await inServer(serverUrl, dropAbandoned)
    await createFromTemplate(serverUrl, home, name)
    const url = databaseUrl(serverUrl, name)
    const { poolSize = 8 } = options
    const database = await openControlDatabase({ home, databaseUrl: url, poolSize, applicationName: 'tailrace test' })
    let closed: Promise<void> | undefined
    const close = async () => {
      try {
        await database.close()
        await inServer(serverUrl, (client) => client.query(`drop database ${name} with (force)`))
      } finally {
        await server?.release()
      }
    }
    const closeOnce = () => (closed ??= close())
    t?.after(closeOnce)
    return { pool: database.pool, url, close: closeOnce }
  } catch (error) {
    await server?.release()
    throw error
  }
}

/**
 * The test runner kills slow files with a signal. Exit normally, so that Node runs the exit hook that stops the server.
 */
function exitInOrder(): void {
  process.exit(1)
}

async function openTestServer(home: string) {
  await mkdir(home, { mode: 0o700, recursive: true })
  const { uid } = await lstat(home)
  if (process.getuid !== undefined && uid !== process.getuid())
    throw new Error(`${home} belongs to somebody else; remove it.`)
  return await openEmbeddedServer({ home, settings })
}

async function createFromTemplate(serverUrl: string, home: string, name: string): Promise<void> {
  const template = `template_${await migrationsHash()}`
  await inServer(serverUrl, async (client) => {
    const create = () => client.query(`create database ${name} template ${template}`)
    try {
      await create()
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== '3D000') throw error
      await makeTemplate(client, serverUrl, home, template)
      await create()
    }
  })
}

/** Migrates under a temporary name and renames, so that no process sees an incomplete template. */
async function makeTemplate(client: pg.Client, serverUrl: string, home: string, template: string): Promise<void> {
  await client.query(`select pg_advisory_lock(hashtextextended('tailrace test template', 0))`)
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template])
  if (rowCount === 0) {
    const draft = `draft_${process.pid}_${randomBytes(4).toString('hex')}`
    await client.query(`create database ${draft}`)
    try {
      const database = await openControlDatabase({ home, databaseUrl: databaseUrl(serverUrl, draft) })
      await database.close()
      await client.query(`alter database ${draft} rename to ${template}`)
    } catch (error) {
      await client.query(`drop database ${draft} with (force)`)
      throw error
    }
  }
  await client.query(`select pg_advisory_unlock(hashtextextended('tailrace test template', 0))`)
}

/** Drops the databases of killed test processes and the templates of earlier migrations. */
async function dropAbandoned(client: pg.Client): Promise<void> {
  const template = `template_${await migrationsHash()}`
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database where datname ~ '^(test|draft)_[0-9]+_|^template_' and datname <> $1`,
    [template],
  )
  const abandoned = rows.filter(({ name }) => name.startsWith('template_') || !isAlive(Number(name.split('_')[1])))
  for (const { name } of abandoned) await client.query(`drop database if exists ${name} with (force)`)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function inServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'tailrace test' })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

async function migrationsHash(): Promise<string> {
  const directory = fileURLToPath(new URL('../../store/migrations', import.meta.url))
  const hash = createHash('sha256')
  for (const file of (await readdir(directory)).sort())
    hash
      .update(file)
      .update('\0')
      .update(await readFile(join(directory, file)))
  return hash.digest('hex').slice(0, 16)
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}
