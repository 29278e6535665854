import { DuckDBInstance } from '@duckdb/node-api'
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { Fault, type WarehouseSession } from '../../connect/index.ts'
import { warehouse } from './index.ts'

const silent = { debug() {}, info() {}, warn() {} }
/** More ordinary lines than DuckDB samples (20,480), then ids that are not numbers but can be parsed as numbers. */
const long = `id,day,name\n${Array.from({ length: 30_000 }, (_, index) => `${index + 100},2024-01-02,plain`).join('\n')}\n00042,13/01/2024,odd\n8.6,2024-01-02,odd\n1_3,2024-01-02,odd\n`
const ids = 'id,day,name\n100,2024-01-02,plain\n101,2024-01-03,odd\n'
const documents = '{"id":100,"day":"2024-01-02","name":"plain"}\n{"id":101,"day":"2024-01-02","name":"odd"}\n'
const longDocuments = `${Array.from({ length: 30_000 }, (_, index) => `{"id":${index + 100},"day":"2024-01-02","name":"plain"}`).join('\n')}\n{"id":"00042","day":"soon","name":"odd"}\n`
const odd = [['00042'], ['8.6'], ['1_3']]

describe('files that DuckDB reads', () => {
  let project = ''
  let elsewhere = ''
  const cwd = process.cwd()
  before(async () => {
    project = await realpath(await mkdtemp(join(tmpdir(), 'tailrace-files-')))
    elsewhere = await realpath(await mkdtemp(join(tmpdir(), 'tailrace-elsewhere-')))
    await mkdir(join(project, 'parts'))
    for (const [name, text] of [
      ['long.csv', long],
      ['long.csv.gz', gzipSync(long)],
      ['long.ndjson', longDocuments],
      ['ids.csv', ids],
      ['my ids.csv', ids],
      ['ids.tsv', ids.replaceAll(',', '\t')],
      ['ids.csv.gz', gzipSync(ids)],
      ['ids.json', documents],
      ['ids.ndjson', documents],
      ['ids.txt', ids],
      ['parts/one.csv', ids],
    ] as const) {
      await writeFile(join(project, name), text)
    }
    const instance = await DuckDBInstance.create(join(project, 'shop.duckdb'))
    const connection = await instance.connect()
    // DuckDB binds views when they are created, so this runs in the folder of their files.
    process.chdir(project)
    for (const statement of [
      `create view guessed as select * from 'ids.csv'`,
      `create view over (a, b) as select id, name from guessed`,
      `create view long as select * from read_csv('long.csv', all_varchar = true)`,
      `create macro rows_of() as table select * from 'ids.csv'`,
      `create macro rows_in(file) as table select * from read_csv(file)`,
      `create macro greatest_id() as (select max(id) from 'ids.csv')`,
      `create table plain as select '00042' as id`,
      `create schema sales`,
      `create view sales.deep as with c as (select * from read_csv_auto(['ids.csv'])) select * from c`,
    ])
      await connection.run(statement)
    process.chdir(cwd)
    connection.closeSync()
    instance.closeSync()
  })
  after(async () => {
    process.chdir(cwd)
    await rm(project, { recursive: true })
    await rm(elsewhere, { recursive: true })
  })

  const opened = async <T>(config: unknown, use: (session: WarehouseSession) => Promise<T>) => {
    const session = await warehouse.open(warehouse.config.parse(config), { baseDir: project, log: silent })
    try {
      return await use(session)
    } finally {
      await session.close()
    }
  }
  const read = async (session: WarehouseSession, sql: string, columns: readonly string[]) => {
    const all = []
    for await (const page of session.read(sql, { columns, pageSize: 10_000, signal: new AbortController().signal }))
      all.push(...page)
    return all
  }
  const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
    const fault: unknown = await work.then(
      (ended) => ended,
      (error: unknown) => error,
    )
    assert.ok(Fault.is(fault), JSON.stringify(fault)?.slice(0, 300))
    return fault
  }

  test('what is guessed from the first lines is never read', () =>
    opened({ path: 'shop.duckdb', files: true }, async (session) => {
      const queries = [
        `select id from 'ids.csv' where name = 'odd'`,
        `select id from "ids.csv" where name = 'odd'`,
        `select id from $$ids.csv$$ where name = 'odd'`,
        `select id from ids.csv where name = 'odd'`,
        `select id from 'my ids.csv'`,
        `select id from 'ids.tsv'`,
        `select id from 'ids.csv.gz'`,
        `select id from read_csv('ids.txt')`,
        `select id from read_csv_auto('ids.csv', sample_size = 1000)`,
        `select id from read_csv(['ids.csv', 'my ids.csv'])`,
        `select id from 'parts/*.csv'`,
        `select id from read_csv('id' || 's.csv')`,
        `select * from (select id from 'ids.csv')`,
        `with c as (select * from 'ids.csv') select id from c`,
        `select id from plain union all select id::varchar from 'ids.csv'`,
        `select t.id from plain join 'ids.csv' t on t.name = 'odd'`,
        `select coalesce(id, 0)::varchar as id from 'ids.csv'`,
        `from query('select id from ''ids.csv''')`,
        `select id from query_table('ids.csv')`,
        `select id from guessed`,
        `select a as id from over`,
        `select id from sales.deep`,
        `select id from rows_of()`,
        `select id from rows_in('ids.csv')`,
        `select greatest_id() as id`,
        `select id from 'ids.ndjson'`,
        `select id from read_json('ids.json')`,
        `select id from read_json_auto('ids.json', sample_size = 10)`,
        `select day as id from 'ids.csv'`,
        `select day as id from read_ndjson('ids.ndjson')`,
        `select day as id from read_csv('ids.csv', types = {'id': 'VARCHAR'})`,
        `select id from read_csv('ids.csv', names = ['id', 'b', 'c'])`,
      ]
      for (const sql of queries) {
        // The column is marked. If DuckDB's plan does not distinguish columns, the whole query is rejected.
        const guess = await session.columns(sql).then(
          ([column]) => column?.guess,
          (error: unknown) => error as Fault,
        )
        assert.match(`${guess?.message} ${guess?.advice}`, /guess.*(all_varchar|columns = )/, sql)
        const fault = await faultOf(read(session, sql, ['id']))
        assert.deepEqual([fault.kind, fault.code], ['config', 'column-guessed'], sql)
      }
    }))

  test('nor does a guess decide which rows there are', () =>
    opened({}, async (session) => {
      for (const sql of [
        `select name from 'ids.csv' where id > 5`,
        `select name from 'ids.csv' order by id limit 3`,
        `select name from 'ids.csv' where day < date '2024-01-03'`,
        `select distinct on (id) name from 'ids.csv'`,
        `select name from 'ids.csv' qualify row_number() over (order by day) = 1`,
        `select name from 'ids.csv' where exists (select 1 from 'ids.csv' b where b.id = 42)`,
        `select name, count(*) as n from 'ids.csv' group by name, id`,
        `select name from read_csv('ids.csv', types = {'id': 'VARCHAR'}) where day = '2024-01-02'`,
        `select name from 'ids.json' where id = '42'`,
      ]) {
        for (const work of [() => session.columns(sql), () => read(session, sql, ['name'])])
          assert.equal((await faultOf(work())).code, 'column-guessed', sql)
      }
    }))

  test('text, and what the query says the type of, is read exactly; so are columns beside a guess', () =>
    opened({ path: 'shop.duckdb', files: true }, async (session) => {
      for (const source of [
        `read_csv('long.csv', all_varchar = true)`,
        `read_csv('long.csv', all_varchar := 1)`,
        `read_csv('long.csv', types = {'id': 'VARCHAR'})`,
        `read_csv('long.csv', dtypes = ['VARCHAR'])`,
        `read_csv('long.csv.gz', column_types = {ID: 'VARCHAR'})`,
        `read_csv('long.csv', columns = {'id': 'VARCHAR', 'day': 'VARCHAR', 'name': 'VARCHAR'})`,
        'long',
      ])
        assert.deepEqual(await read(session, `select id from ${source} where name = 'odd'`, ['id']), odd, source)
      assert.deepEqual(
        await read(session, `select id::bigint as id from long where name = 'plain' order by id limit 1`, ['id']),
        [['100']],
      )
      assert.deepEqual(
        await read(
          session,
          `select id, day from read_json('long.ndjson', columns = {id: 'VARCHAR', day: 'VARCHAR', name: 'VARCHAR'}) where name = 'odd'`,
          ['id', 'day'],
        ),
        [['00042', 'soon']],
      )
      assert.deepEqual(await read(session, `select name from 'long.csv' where name = 'odd'`, ['name']), [
        ['odd'],
        ['odd'],
        ['odd'],
      ])
      assert.deepEqual(
        await read(session, `select * from 'long.csv' where name = 'odd'`, ['name']),
        [['odd'], ['odd'], ['odd']],
        'only what is read counts',
      )
      assert.deepEqual(
        (await session.columns(`select * from 'ids.csv'`)).map(({ name, guess }) => [name, guess !== undefined]),
        [
          ['id', true],
          ['day', true],
          ['name', false],
        ],
      )
      assert.deepEqual(await read(session, `select count(*) as n from 'long.csv'`, ['n']), [['30003']])
    }))

  test('a relative name means the folder of tailrace.yaml, or is refused', async () => {
    for (const name of ['ids.csv', 'my ids.csv', 'long.csv'])
      await writeFile(join(elsewhere, name), 'id,name\nfrom elsewhere,x\n')
    await writeFile(join(elsewhere, 'only here.csv'), 'id,name\nfrom elsewhere,x\n')
    process.chdir(elsewhere)
    await opened({ path: 'shop.duckdb', files: true }, async (session) => {
      for (const source of [
        `'ids.csv'`,
        `"ids.csv"`,
        '$$ids.csv$$',
        'ids.csv',
        `'./ids.csv'`,
        `'my ids.csv'`,
        `"my ids.csv"`,
        `read_csv('ids.csv', all_varchar = true)`,
        `read_csv(['parts/one.csv', 'ids.csv'], all_varchar = true)`,
        `read_csv('id' || 's.csv', all_varchar = true)`,
        `(select id, content from (select 'x' as id), read_text('ids.csv'))`,
        `(select file as id from glob('ids.csv'))`,
        `query('select id from ''ids.csv''')`,
        'guessed',
        'long',
        'sales.deep',
        'rows_of()',
        `rows_in('ids.csv')`,
        `(select greatest_id() as id)`,
        `'only here.csv'`,
        `'only*.csv'`,
        `(select id from plain where id in (select id::varchar from 'ids.csv'))`,
        `(with c as (from 'ids.csv') from c)`,
        `read_csv((select 'ids.csv'))`,
      ]) {
        for (const work of [
          () => session.columns(`select id from ${source}`),
          () => read(session, `select id from ${source}`, ['id']),
        ]) {
          const fault = await faultOf(work())
          assert.deepEqual([fault.kind, fault.code], ['config', 'ambiguous-file'], `${source}: ${fault.message}`)
        }
      }
      // Allowed: files that exist only beside tailrace.yaml, and full paths.
      assert.deepEqual(
        await read(session, `select id from read_csv('parts/one.csv', all_varchar = true) where name = 'odd'`, ['id']),
        [['101']],
      )
      assert.deepEqual(
        await read(session, `select id from read_csv('${project}/long.csv', all_varchar = true) where name = 'odd'`, [
          'id',
        ]),
        odd,
      )
      assert.deepEqual(
        await read(session, `select id from read_csv('${elsewhere}/ids.csv', all_varchar = true)`, ['id']),
        [['from elsewhere']],
      )
      assert.deepEqual(await read(session, `select id from plain`, ['id']), [['00042']])
      assert.deepEqual(await read(session, `select 'ids.csv' as id`, ['id']), [['ids.csv']])
      for (const writes of [`attach 'ids.csv' as x`, `copy plain to 'x.csv'`])
        assert.equal((await faultOf(session.columns(writes))).code, 'query-not-read-only')
    })
    process.chdir(project)
    await opened({ path: 'shop.duckdb', files: true }, async (session) =>
      assert.deepEqual(await read(session, `select id from long where name = 'odd'`, ['id']), odd),
    )
    process.chdir(cwd)
  })
})
