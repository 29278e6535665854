import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { Fault } from '../../model/fault.ts'

/** A notification that takes longer counts as lost. */
const heardWithinMs = 5000
const rounds = 3

/**
 * Checks that a connection keeps its session: locks of Activations, notifications and settings belong to it. A pooler
 * in transaction or statement mode loses them silently, and two Runs of one Activation could start at once. `connect`
 * opens a further connection.
 */
export async function requireSessions(
  first: pg.Client,
  connect: () => Promise<pg.Client>,
  where: string,
): Promise<void> {
  const reject = (what: string): Fault =>
    new Fault(
      'config',
      `DATABASE_URL connects to ${where} through a connection pooler that does not keep sessions: ${what}.`,
      {
        code: 'database-pooled',
        advice:
          'Name the PostgreSQL server itself in DATABASE_URL, or configure the pooler to keep sessions (PgBouncer: pool_mode = session). Warehouses can stay behind the pooler.',
      },
    )
  const name = `tailrace_probe_${randomBytes(6).toString('hex')}`
  await first.query(`set tailrace.probe to '${name}'`)
  const own = await backendOf(first)
  const second = await connect()
  try {
    for (let round = 0; round < rounds; round += 1) {
      if ((await backendOf(second)) === own) throw reject('two connections share one session')
      if ((await backendOf(first)) !== own) throw reject('one connection switches between sessions')
    }
    // The second connection now keeps its session, so a pooler with transaction mode must give the first one another
    // session.
    await second.query('begin')
    if ((await backendOf(second)) === own || (await backendOf(first)) !== own)
      throw reject('one connection switches between sessions')
    await second.query('commit')
    const {
      rows: [kept],
    } = await first.query<{ probe: string | null }>(`select current_setting('tailrace.probe', true) as probe`)
    if (kept?.probe !== name) throw reject('settings of a session are lost')
    if (!(await excludes(first, second, name))) throw reject('a lock of one session does not block another session')
    if (!(await hears(first, second, name))) throw reject('notifications do not arrive')
    await first.query('reset tailrace.probe')
  } catch (error) {
    // A pooler's answer to statements that need a session, such as "transaction blocks not allowed in statement pooling
    // mode".
    if (error instanceof pg.DatabaseError && error.code === '08P01') throw reject(error.message)
    throw error
  } finally {
    await second.end()
  }
}

async function backendOf(client: pg.Client): Promise<number> {
  const {
    rows: [row],
  } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return row?.pid ?? 0
}

async function excludes(first: pg.Client, second: pg.Client, name: string): Promise<boolean> {
  const lock = async (client: pg.Client): Promise<boolean> => {
    const {
      rows: [row],
    } = await client.query<{ got: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as got', [name])
    return row?.got === true
  }
  const got = await lock(first)
  const also = await lock(second)
  await first.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name])
  return got && !also
}

async function hears(first: pg.Client, second: pg.Client, name: string): Promise<boolean> {
  const heard = new Promise<true>((resolve) => first.once('notification', () => resolve(true)))
  await first.query(`listen ${name}`)
  await second.query(`notify ${name}`)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, heardWithinMs, false)
  })
  try {
    return await Promise.race([heard, late])
  } finally {
    clearTimeout(timer)
    await first.query(`unlisten ${name}`)
  }
}
