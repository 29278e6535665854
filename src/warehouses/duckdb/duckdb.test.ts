import { DuckDBInstance } from '@duckdb/node-api'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { WarehouseSession } from '../../connect/index.ts'
import { Fault } from '../../connect/index.ts'
import { duckdbSql } from '../../testing/warehouse-kit/duckdb-sql.fixture.ts'
import { warehouseKit, type WarehouseUnderTest } from '../../testing/warehouse-kit/warehouse-kit.ts'
import { warehouse } from './index.ts'

const silent = { debug() {}, info() {}, warn() {} }

async function run(path: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  for (const statement of statements) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
}

/** Name and content hash of every file. */
async function fingerprint(directory: string): Promise<readonly string[]> {
  const files = (await readdir(directory, { recursive: true })).sort()
  return await Promise.all(
    files.map(
      async (file) =>
        `${file} ${createHash('sha256')
          .update(await readFile(join(directory, file)))
          .digest('hex')}`,
    ),
  )
}

/** Whether DuckDB is busy: it runs inside this process, and nothing else here uses CPU time. */
async function burnsTime(): Promise<boolean> {
  const start = process.cpuUsage()
  await delay(100)
  const { user, system } = process.cpuUsage(start)
  return user + system > 20_000
}

async function underTest(config: { path?: string }, writes: readonly string[]): Promise<WarehouseUnderTest> {
  const baseDir = await mkdtemp(join(tmpdir(), 'tailrace-duckdb-'))
  if (config.path !== undefined) {
    await run(join(baseDir, config.path), ['create table kit_state as select 1 as a', 'create sequence kit_numbers'])
  }
  await writeFile(join(baseDir, 'text.duckdb'), 'this is a text and no database\n'.repeat(1000))
  return {
    spec: warehouse,
    config,
    baseDir,
    secrets: [],
    sql: {
      rows: (count) => `select range::varchar as id, 'label ' || range as label from range(${count}) order by range`,
      ...duckdbSql,
      structures: [
        [`['b', null, 'a']`, '["b",null,"a"]', ['a', 'b']],
        [`[]::varchar[]`, '[]', []],
        [`[7, 9007199254740993]`, '[7,9007199254740993]', ['7', '9007199254740993']],
        [`array_value('a', 'b')`, '["a","b"]', ['a', 'b']],
        [`[['a']]`, '[["a"]]', null],
        [`{'plan': 'gold'}`, '{"plan":"gold"}', null],
        [`[{'a': 1}]`, '[{"a":1}]', null],
        [`map {'plan': 'gold'}`, '{"plan":"gold"}', null],
        [`union_value(a := 'x')`, '{"a":"x"}', null],
        [`[true]`, '[true]', null],
        [`[1.5::double]`, '[1.5]', null],
        [String.raw`['a' || chr(0)]`, String.raw`["a\u0000"]`, null],
      ],
      endless: 'select count(*) as n from range(1000000) a, range(1000000) b where a.range + b.range = 7',
      writes: [
        ...writes,
        'create table other as select 1 as a',
        `copy (select 1 as a) to '${baseDir}/copied.csv'`,
        `export database '${baseDir}/exported'`,
        `attach '${baseDir}/attached.duckdb' as attached`,
        'install httpfs',
        'load json',
        'set threads = 1',
        'pragma threads = 1',
        'begin',
        'commit',
        'call pragma_version()',
        'prepare p as select 1',
        `select 1 as a; select 2 as a`,
        'checkpoint',
      ],
    },
    state: () => fingerprint(baseDir),
    isBusy: burnsTime,
    broken: [
      { name: 'missing file', config: { path: 'nowhere.duckdb' }, kind: 'config', code: 'warehouse-not-found' },
      { name: 'directory', config: { path: '.' }, kind: 'config', code: 'warehouse-not-found' },
      { name: 'not a database', config: { path: 'text.duckdb' }, kind: 'config', code: 'warehouse-not-readable' },
    ],
    teardown: () => rm(baseDir, { recursive: true }),
  }
}

warehouseKit('duckdb, a file', () =>
  underTest({ path: 'shop.duckdb' }, [
    'insert into kit_state values (2)',
    'update kit_state set a = 3',
    'delete from kit_state',
    'drop table kit_state',
    'truncate kit_state',
    'alter table kit_state add column b int',
    'create view v as select 1 as a',
    `select nextval('kit_numbers') as a`,
  ]),
)

warehouseKit('duckdb, in memory', () => underTest({}, []))

describe('duckdb', () => {
  let baseDir = ''
  before(async () => {
    baseDir = await mkdtemp(join(tmpdir(), 'tailrace-duckdb-'))
    await writeFile(join(baseDir, 'orders.csv'), 'id,plan\n007,premium\n008,\n')
    await run(join(baseDir, 'shop.duckdb'), [`copy (select 9007199254740993 as n) to '${baseDir}/numbers.parquet'`])
  })
  after(() => rm(baseDir, { recursive: true }))

  const opened = async <T>(config: unknown, use: (session: WarehouseSession) => Promise<T>) => {
    const session = await warehouse.open(warehouse.config.parse(config), { baseDir, log: silent })
    try {
      return await use(session)
    } finally {
      await session.close()
    }
  }
  const rows = async (session: WarehouseSession, sql: string, columns: readonly string[]) => {
    const all = []
    for await (const page of session.read(sql, { columns, pageSize: 100, signal: new AbortController().signal }))
      all.push(...page)
    return all
  }
  const codeOf = async (work: Promise<unknown>) => {
    const fault: unknown = await work.catch((error: unknown) => error)
    assert.ok(Fault.is(fault))
    return fault.code
  }

  test('finds CSV and Parquet files beside tailrace.yaml', () =>
    opened({}, async (session) => {
      for (const name of ['orders.csv', './orders.csv', '*.csv', join(baseDir, 'orders.csv')]) {
        assert.deepEqual(
          await rows(session, `select * from '${name}'`, ['plan', 'id']),
          [
            ['premium', '007'],
            [null, '008'],
          ],
          name,
        )
      }
      assert.deepEqual(await rows(session, `from read_csv('orders.csv', all_varchar = true)`, ['id']), [
        ['007'],
        ['008'],
      ])
      assert.deepEqual(await rows(session, `select * from read_parquet('./numbers.parquet')`, ['n']), [
        ['9007199254740993'],
      ])
      assert.deepEqual(
        (await session.columns(`from 'numbers.parquet'`)).map((column) => column.nativeType),
        ['BIGINT'],
      )
    }))

  test('refuses a file name that the working directory would answer', () =>
    opened({}, async (session) => {
      assert.equal(await codeOf(session.columns(`select * from read_json('package.json')`)), 'ambiguous-file')
      assert.equal(await codeOf(rows(session, `select * from read_json('package*.json')`, ['name'])), 'ambiguous-file')
      assert.deepEqual(await rows(session, `select 'package' as a`, ['a']), [['package']])
    }))

  test('reads no files beside a database unless told so, and none from the network', async () => {
    const query = `select id from 'orders.csv'`
    await opened({ path: 'shop.duckdb' }, async (session) =>
      assert.equal(await codeOf(session.columns(query)), 'query-failed'),
    )
    await opened({ path: 'shop.duckdb', files: true }, async (session) =>
      assert.equal((await session.columns(query)).length, 1),
    )
    await opened({}, async (session) =>
      assert.equal(await codeOf(session.columns(`from 'http://127.0.0.1:1/orders.csv'`)), 'query-failed'),
    )
  })

  test('writes nested values as JSON, and keeps the digits in them', () =>
    opened({}, async (session) => {
      const sql = `select [9223372036854775807, null] as list, {'a': 1234567890123456789012345678.90::decimal(38, 2)} as struct,
      map {'k': 'v'} as map, null::int[] as nothing, 170141183460469231731687303715884105727::hugeint as huge, 'x'::enum ('x') as choice`
      assert.deepEqual(await rows(session, sql, ['list', 'struct', 'map', 'nothing', 'huge', 'choice']), [
        [
          '[9223372036854775807,null]',
          '{"a":1234567890123456789012345678.90}',
          '{"k":"v"}',
          null,
          '170141183460469231731687303715884105727',
          'x',
        ],
      ])
      assert.deepEqual(
        (await session.columns(sql)).map((column) => column.type),
        ['array', 'json', 'json', 'array', 'integer', 'text'],
      )
    }))

  test('takes names that differ in case only for duplicates, as DuckDB does', () =>
    opened({}, async (session) => {
      assert.equal(await codeOf(session.columns('select 1 as a, 2 as A')), 'duplicate-column')
    }))
})
