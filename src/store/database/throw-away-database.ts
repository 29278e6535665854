import { inTransaction } from './transaction.ts'
import { openControlDatabase, type ControlDatabase, type ControlDatabaseOptions } from './control-database.ts'

export type ThrowAwayOptions = Omit<ControlDatabaseOptions, 'schema'> & {
  /** In [0, 1). */
  readonly random: () => number
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const prefix = 'tailrace_test_'
/** Schemas of killed processes are dropped by later processes at this age. */
const abandonedAfterMs = 86_400_000
/** Locks of Activations apply to the whole database, by id. A project's own ids are below this one. */
const firstActivation = 1_000_000_000

/**
 * A control database in a schema of its own, beside the project's schema, which it does not touch; `close` drops it.
 */
export async function openThrowAwayDatabase({ random, now, ...options }: ThrowAwayOptions): Promise<ControlDatabase> {
  const schema = `${prefix}${now().toString(36)}_${Math.floor(random() * 36 ** 8).toString(36)}`
  const database = await openControlDatabase({ ...options, schema })
  const { pool } = database
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    try {
      await pool.query(`drop schema ${schema} cascade`)
    } finally {
      await database.close()
    }
  }
  try {
    const first = firstActivation + Math.floor(random() * firstActivation)
    await pool.query(`alter table activation alter column id restart with ${first}`)
    await dropAbandoned(database, now())
  } catch (error) {
    await close()
    throw error
  }
  return { ...database, close: () => (closed ??= close()) }
}

async function dropAbandoned({ pool }: ControlDatabase, nowMs: number): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    'select nspname as name from pg_namespace where starts_with(nspname, $1)',
    [prefix],
  )
  const abandoned = rows
    .map(({ name }) => name)
    .filter((name) => {
      const made = /^tailrace_test_([0-9a-z]+)_[0-9a-z]+$/.exec(name)?.[1]
      return made !== undefined && nowMs - Number.parseInt(made, 36) > abandonedAfterMs
    })
  if (abandoned.length > 0)
    await inTransaction(pool, async (client) => {
      for (const name of abandoned) await client.query(`drop schema if exists ${name} cascade`)
    })
}
