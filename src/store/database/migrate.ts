import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { Fault } from '../../model/fault.ts'

export interface MigrateOptions {
  /** Directory of `NNNN-name.sql` files; other files are ignored. */
  readonly directory: string
  readonly schema: string
}

interface Migration {
  readonly number: number
  readonly name: string
  readonly checksum: string
  readonly sql: string
}

type Applied = Pick<Migration, 'number' | 'name' | 'checksum'>

/** Name of the first migration of version 1. Its tables have other names and columns, and are not converted. */
const firstOfVersion1 = 'runs-snapshot-ledger'

/**
 * Applies all newer migrations, forward only, and returns how many were applied. Each runs in its own transaction with
 * search_path set to the schema, under a lock of that transaction (so it also works through a connection pooler).
 * Processes that start at the same time wait for each other.
 */
export async function migrate(client: pg.ClientBase, options: MigrateOptions): Promise<number> {
  const migrations = await readMigrations(options.directory)
  for (let count = 0; ; count++) {
    // Without this limit, a process that is frozen here would block every later start.
    await client.query(`begin; set local idle_in_transaction_session_timeout = '10s'`)
    try {
      const next = await nextMigration(client, migrations, options.schema)
      if (next !== undefined) await apply(client, next)
      await client.query('commit')
      if (next === undefined) return count
    } catch (error) {
      await client.query('rollback')
      throw error
    }
  }
}

async function nextMigration(
  client: pg.ClientBase,
  migrations: Migration[],
  schema: string,
): Promise<Migration | undefined> {
  const name = pg.escapeIdentifier(schema)
  await client.query(`select pg_advisory_xact_lock(hashtextextended('tailrace migrate ' || $1, 0))`, [schema])
  const {
    rows: [found],
  } = await client.query('select 1 from pg_namespace where nspname = $1', [schema])
  if (found === undefined) await client.query(`create schema ${name}`)
  await client.query(`set local search_path to ${name}`)
  await client.query(`create table if not exists ${name}.migration (
    number integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`)
  const { rows } = await client.query<Applied>(`select number, name, checksum from ${name}.migration order by number`)
  checkHistory(rows, migrations, schema)
  return migrations[rows.length]
}

/** The applied migrations must be the first ones that this version knows. */
function checkHistory(applied: Applied[], migrations: Migration[], schema: string): void {
  if (applied[0]?.name === firstOfVersion1) {
    throw new Fault(
      'config',
      `The schema "${schema}" was created by version 1 of Tailrace. Its tables have other names and columns, and are not converted.`,
      {
        code: 'schema-too-old',
        advice:
          'Nothing in it was changed. Start with a new database: create one and name it in DATABASE_URL. The embedded database is in the folder .tailrace: move that folder away, or name a new folder in TAILRACE_HOME.',
      },
    )
  }
  const known = migrations.at(-1)?.number ?? 0
  const newest = applied.at(-1)?.number ?? 0
  if (newest > known) {
    throw new Fault(
      'config',
      `The schema "${schema}" has version ${newest}; this version of Tailrace supports versions up to ${known}.`,
      {
        code: 'schema-too-new',
        advice:
          'A newer version of Tailrace has used this database. Install that version or a newer one. Migrations cannot be reverted.',
      },
    )
  }
  for (const [index, done] of applied.entries()) {
    const own = migrations[index]
    if (own?.number === done.number && own.checksum === done.checksum) continue
    const trouble =
      own?.number === done.number ? 'was changed after it was applied' : 'is missing in this version of Tailrace'
    throw new Fault('bug', `Migration ${done.number} (${done.name}) of the schema "${schema}" ${trouble}.`, {
      code: 'migration-changed',
      advice: 'Install a released version of Tailrace; applied migrations must not change.',
    })
  }
}

async function apply(client: pg.ClientBase, { number, name, checksum, sql }: Migration): Promise<void> {
  try {
    await client.query(sql)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new Fault('bug', `Migration ${number} (${name}) failed: ${words}.`, {
      code: 'migration-failed',
      cause: error,
    })
  }
  await client.query('insert into migration (number, name, checksum) values ($1, $2, $3)', [number, name, checksum])
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => /^\d{4}-.+\.sql$/.test(file)).sort()
  const migrations = await Promise.all(
    files.map(async (file) => {
      // Checkouts may have other line ends; the migration is the same.
      const sql = (await readFile(join(directory, file), 'utf8')).replaceAll('\r\n', '\n')
      const checksum = createHash('sha256').update(sql).digest('hex')
      return { number: Number(file.slice(0, 4)), name: file.slice(5, -4), checksum, sql }
    }),
  )
  const twice = migrations.find((migration, index) => migration.number === migrations[index + 1]?.number)
  if (twice !== undefined) {
    throw new Fault('bug', `Two migrations have the number ${twice.number}.`, { code: 'migration-number-twice' })
  }
  return migrations
}
