import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { inspect } from 'node:util'
import { Fault } from '../../model/fault.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { openControlDatabase } from './control-database.ts'

describe('openControlDatabase', () => {
  test('without a URL: starts the embedded server, migrated', async (t) => {
    const project = await newDirectory(t)
    const database = await openControlDatabase({ home: join(project, '.tailrace'), schema: 'other', poolSize: 2 })
    t.after(() => database.close())
    assert.match(database.description, /^embedded PostgreSQL \d+\.\d+ in .*postgres$/)
    assert.ok(!database.description.includes(password(database.url)))
    const {
      rows: [row],
    } = await database.pool.query('select current_schema as schema, max(number) > 0 as migrated from migration')
    assert.deepEqual(row, { schema: 'other', migrated: true })
    await database.close()
  })

  test('with a URL: uses that server, and starts none', async (t) => {
    const { url } = await testDatabase(t)
    const home = join(await newDirectory(t), '.tailrace')
    const database = await openControlDatabase({ home, databaseUrl: url, applicationName: 'somebody' })
    const { host, pathname } = new URL(url)
    assert.match(database.description, /^PostgreSQL \d+\.\d+ at /)
    assert.ok(database.description.endsWith(`${host}${pathname}`))
    const {
      rows: [row],
    } = await database.pool.query(
      `select current_setting('search_path') as path, current_setting('application_name') as application,
        9007199254740993::int8 as big`,
    )
    assert.deepEqual(row, { path: 'tailrace', application: 'somebody', big: '9007199254740993' })
    await Promise.all([database.close(), database.close()])
    assert.ok(!existsSync(home))
  })

  test('says who must act when the server cannot be used, and never tells the password', async (t) => {
    const { url, pool } = await testDatabase(t)
    const unused = createServer()
    await new Promise<void>((resolve) => unused.listen(0, '127.0.0.1', resolve))
    const { port } = unused.address() as AddressInfo
    await new Promise((resolve) => unused.close(resolve))
    const role = `reader_${randomBytes(4).toString('hex')}`
    await pool.query(`create role ${role} login password 'canary-word'`)
    t.after(() => dropRole(role))

    const cases: [string, (url: URL) => void, RegExp][] = [
      [
        'auth database-login-refused',
        (it) => {
          it.password = 'canary-word'
        },
        /authentication failed/,
      ],
      [
        'auth database-login-refused',
        (it) => {
          it.password = ''
        },
        /password/,
      ],
      [
        'config database-unknown',
        (it) => {
          it.pathname = '/nowhere'
        },
        /"nowhere" does not exist/,
      ],
      [
        'transient database-unreachable',
        (it) => {
          it.port = String(port)
        },
        new RegExp(`127.0.0.1:${port}`),
      ],
      [
        'config database-tls',
        (it) => {
          it.searchParams.set('sslmode', 'require')
        },
        /SSL/,
      ],
      [
        'config database-forbidden',
        (it) => {
          it.username = role
          it.password = 'canary-word'
        },
        /permission denied/,
      ],
    ]
    for (const [expected, change, words] of cases) {
      const changed = new URL(url)
      change(changed)
      const fault = await faultOf(openControlDatabase({ home: '/nowhere', databaseUrl: changed.href, schema: 'fresh' }))
      assert.equal(`${fault.kind} ${fault.code}`, expected)
      assert.match(fault.message, words)
      assert.ok(!inspect(fault, { depth: 9 }).includes(changed.password || password(url)))
    }
    const fault = await faultOf(openControlDatabase({ home: '/nowhere', databaseUrl: 'mysql://me:canary-word@host/x' }))
    assert.equal(`${fault.kind} ${fault.code}`, 'usage database-url-invalid')
    assert.ok(!inspect(fault).includes('canary-word'))
  })
})

/** Roles belong to the server, which other tests share, not to the test's database. */
async function dropRole(role: string): Promise<void> {
  const { pool, close } = await testDatabase()
  await pool.query(`drop role ${role}`)
  await close()
}

async function newDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tailrace-control-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  await chmod(directory, 0o755)
  return directory
}

function password(url: string): string {
  return new URL(url).password
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  try {
    await work
  } catch (error) {
    if (Fault.is(error)) return error
    throw error
  }
  assert.fail('was not refused')
}

test('a connection that breaks while it is taken out of the pool does not end the process', async (t) => {
  const { pool } = await testDatabase(t)
  const client = await pool.connect()
  const {
    rows: [row],
  } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const ended = new Promise((resolve) => client.once('end', resolve))
  await pool.query('select pg_terminate_backend($1)', [row?.pid])
  await ended
  await assert.rejects(client.query('select 1'))
  client.release(true)
  await pool.query('select 1')
})
