import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import pg from 'pg'
import { openControlDatabase } from '../store/database/control-database.ts'
import { lacksCommand } from '../testing/harness/debian-package.ts'
import { startPooler } from '../testing/harness/pooler.ts'
import { isDeep } from '../testing/harness/sample-size.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'
import { emulators } from '../targets/emulators.gen.ts'

const { contactId } = await emulators.intercom()
const skip = lacksCommand('pgbouncer', 'pgbouncer')
const cli = await tryCli({ contacts: 3, limit: 100_000, tags: ['VIP'] })
const direct = cli.pool.options.connectionString ?? ''
await cli.table('everyone', [contactId(1)])
await cli.config(activation('vip', { table: 'everyone', tags: '[VIP]' }))

/** Commands that open the control database. The deep suite tests all of them. */
const commands: readonly (readonly string[])[] = [
  ['check'],
  ['run', 'vip'],
  ['runs'],
  ['cancel', '1'],
  ['up', '--port', '0'],
  ['worker'],
  ...(!isDeep
    ? []
    : [
        ['plan', 'vip'],
        ['verify', 'vip'],
        ['undo', '1', '--yes'],
        ['retry', 'vip'],
        ['show', '1'],
        ['why', 'vip', 'x'],
        ['workers'],
        ['free', 'vip', '--yes'],
        ['apply', '--yes'],
        ['export'],
        ['pause', 'vip'],
      ]),
]

test('behind PgBouncer in transaction mode every command refuses the control database at once', async (t) => {
  if (skip !== undefined) return t.skip(skip)
  const url = await startPooler(t, direct, { pool_mode: 'transaction' })
  for (const command of commands) await rejected(command, url, 'database-pooled', /pool_mode = session/)
})

for (const [name, settings] of [
  ['transaction mode with one session', { pool_mode: 'transaction', default_pool_size: 1 }],
  [
    'transaction mode with two sessions in turn',
    { pool_mode: 'transaction', server_round_robin: 1, default_pool_size: 2, min_pool_size: 2 },
  ],
  [
    'transaction mode with many sessions in turn',
    { pool_mode: 'transaction', server_round_robin: 1, min_pool_size: 10 },
  ],
  ['statement mode', { pool_mode: 'statement' }],
] as const) {
  test(`so does one in ${name}`, async (t) => {
    if (skip !== undefined) return t.skip(skip)
    const url = await startPooler(t, direct, settings)
    await assert.rejects(openControlDatabase({ home: '/nowhere', databaseUrl: url }), { code: 'database-pooled' })
  })
}

async function rejected(command: readonly string[], url: string, code: string, advice: RegExp): Promise<void> {
  const end = await cli.tailrace([...command, '--json'], { DATABASE_URL: url })
  const said = end.json()
  const fault = command[0] === 'check' ? said.database.fault : said.error
  assert.deepEqual([end.code, fault.code], [2, code], `${command.join(' ')}: ${end.stdout}${end.stderr}`)
  assert.match(fault.advice, advice)
}

test('it is found out however many others use the pooler meanwhile', async (t) => {
  if (skip !== undefined) return t.skip(skip)
  const url = await startPooler(t, direct, { pool_mode: 'transaction', default_pool_size: 20 })
  let busy = true
  const others = Array.from({ length: 8 }, async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    while (busy) await client.query('select pg_sleep(0.002)')
    await client.end()
  })
  for (let n = 0; n < 10; n += 1)
    await assert.rejects(openControlDatabase({ home: '/nowhere', databaseUrl: url }), { code: 'database-pooled' })
  busy = false
  await Promise.all(others)
})

test('behind PgBouncer in session mode, all goes well', async (t) => {
  if (skip !== undefined) return t.skip(skip)
  const url = await startPooler(t, direct, { pool_mode: 'session', default_pool_size: 50 })
  const checked = (await cli.tailrace(['check', '--json'], { DATABASE_URL: url })).json()
  assert.deepEqual([checked.ok, checked.database.ok], [true, true], JSON.stringify(checked))
  const run = (await cli.tailrace(['run', 'vip', '--json'], { DATABASE_URL: url })).json()
  assert.deepEqual([run.status, cli.intercom.world.members('VIP', 'contact')], ['completed', [contactId(1)]])
  const server = cli.start(['up', '--port', '0', '--json'], { DATABASE_URL: url })
  await server.until(() => server.stdout().includes('"url"'))
  server.child.kill('SIGTERM')
  assert.equal((await server.end).code, 0)
})

for (const [encoding, locale] of [
  ['SQL_ASCII', 'C'],
  ['LATIN1', 'C'],
] as const) {
  test(`a control database in ${encoding} is refused when it is opened`, async (t) => {
    const url = await otherDatabase(t, `encoding '${encoding}' locale '${locale}' template template0`)
    for (const command of [['check'], ['run', 'vip']])
      await rejected(command, url, 'database-encoding', /encoding 'UTF8' template template0/)
    await assert.rejects(openControlDatabase({ home: '/nowhere', databaseUrl: url }), {
      message: new RegExp(`encoding ${encoding}`),
    })
  })
}

async function otherDatabase(t: TestContext, how: string): Promise<string> {
  const name = `odd_${process.pid}_${Math.random().toString(36).slice(2, 8)}`
  await cli.pool.query(`create database ${name} locale_provider libc ${how}`)
  t.after(() => cli.pool.query(`drop database ${name} with (force)`))
  const url = new URL(direct)
  url.pathname = `/${name}`
  return url.href
}
