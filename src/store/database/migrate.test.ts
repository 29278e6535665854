import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { Fault } from '../../model/fault.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { migrate } from './migrate.ts'
import { firstOfVersion1 } from './version-1.fixture.ts'

const first = { '0001-thing.sql': 'create table thing (id int primary key);\ncreate index on thing (id);' }
const second = { ...first, '0002-colour.sql': `alter table thing add colour text; insert into thing values (1, 'red')` }

describe('migrate', () => {
  test('applies what is missing, in order and once, in its own schema', async (t) => {
    const { run, pool } = await setUp(t)
    assert.equal(await run({ ...first, 'README.md': 'not SQL' }), 1)
    assert.equal(await run(second), 1)
    assert.equal(await run(second), 0)
    assert.equal(await run(second, 'another "schema"'), 2)
    assert.deepEqual((await pool.query('select * from migrated.thing')).rows, [{ id: 1, colour: 'red' }])
    const { rows } = await pool.query('select number, name from migrated.migration')
    assert.deepEqual(rows, [
      { number: 1, name: 'thing' },
      { number: 2, name: 'colour' },
    ])
    assert.equal((await pool.query('show search_path')).rows[0].search_path, 'tailrace')
  })

  test('of starters at the same time, each migration is applied by one', async (t) => {
    const { run } = await setUp(t)
    const counts = await Promise.all([run(second), run(second), run(second), run(second)])
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      2,
    )
  })

  test('refuses a schema newer than the program, with both numbers', async (t) => {
    const { run } = await setUp(t)
    await run(second)
    await rejected(run(first), 'config', 'schema-too-new', /version 2.* up to 1/)
  })

  test('refuses a database of version 1, says what to do, and writes nothing to it', async (t) => {
    const { run, pool } = await setUp(t)
    await pool.query(
      'create schema migrated; create table migrated.migration (number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())',
    )
    await pool.query(
      `begin; set local search_path to migrated; ${firstOfVersion1}; insert into migration values (1, 'runs-snapshot-ledger', 'x'), (2, 'later', 'y'); commit`,
    )
    const contents = async () =>
      (
        await pool.query(
          `select (select json_agg(m order by number) from migrated.migration m) as migrations,
         (select json_agg(c.relname || c.oid order by c.oid) from pg_class c where relnamespace = 'migrated'::regnamespace) as relations`,
        )
      ).rows
    const before = await contents()
    await rejected(run(first), 'config', 'schema-too-old', /"migrated" was created by version 1/)
    await rejected(run(second), 'config', 'schema-too-old', /other names and columns/)
    assert.deepEqual(await contents(), before)
    assert.equal(await run(second, 'beside_it'), 2)
  })

  test('refuses a migration that was changed or taken away after it was applied, but not other line ends', async (t) => {
    const { run } = await setUp(t)
    await run(first)
    await run({ '0001-thing.sql': first['0001-thing.sql'].replace('\n', '\r\n') })
    await rejected(run({ '0001-thing.sql': 'select 1' }), 'bug', 'migration-changed', /0001|1 \(thing\).*changed/)
    await rejected(run({ '0002-other.sql': 'select 1' }), 'bug', 'migration-changed', /1 \(thing\).*missing/)
  })

  test('leaves nothing of a migration that fails, and keeps those before it', async (t) => {
    const { run, pool } = await setUp(t)
    const broken = { ...first, '0002-broken.sql': 'create table half (id int); select nonsense' }
    await rejected(run(broken), 'bug', 'migration-failed', /2 \(broken\).*nonsense/)
    assert.equal((await pool.query(`select to_regclass('migrated.half') as half`)).rows[0].half, null)
    assert.equal(await run(second), 1)
  })
})

async function setUp(t: TestContext) {
  const { pool } = await testDatabase(t)
  const run = async (files: Record<string, string>, schema = 'migrated') => {
    const directory = await mkdtemp(join(tmpdir(), 'tailrace-migrate-'))
    const client = await pool.connect()
    try {
      for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text)
      return await migrate(client, { directory, schema })
    } finally {
      client.release()
      await rm(directory, { recursive: true })
    }
  }
  return { pool, run }
}

async function rejected(work: Promise<unknown>, kind: string, code: string, words: RegExp): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(Fault.is(error), String(error))
    assert.deepEqual([error.kind, error.code], [kind, code])
    assert.match(error.message, words)
    return true
  })
}
