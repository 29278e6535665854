import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WarehouseSession } from '../../connect/index.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { warehouse as duckdb } from '../../warehouses/duckdb/index.ts'
import { warehouse as postgres } from '../../warehouses/postgres/index.ts'
import { checkMapping } from './check-mapping.ts'
import { compileMapping } from './compile-mapping.ts'
import { field, mapped, upsertOf } from './mapping-request.fixture.ts'

const context = { baseDir: process.cwd(), log: { debug() {}, info() {}, warn() {} } }

const fields = [
  field('flag', 'boolean'),
  field('big'),
  field('price', 'decimal'),
  field('ratio', 'decimal'),
  field('huge', 'decimal'),
  field('day', 'timestamp'),
  field('moment', 'timestamp'),
  field('zoned', 'timestamp'),
  field('list'),
  field('shape'),
  field('code'),
  field('uid'),
  field('clock'),
]
const wanted = {
  big: '9007199254740993',
  clock: '09:30:00',
  code: '007 é👍',
  day: '2026-02-28T00:00:00Z',
  flag: true,
  huge: 1e300,
  list: '["a","b, \\"c\\"",null]',
  moment: '2026-02-28T23:59:59Z',
  price: 12.5,
  ratio: 0.1,
  shape: '{"n":9007199254740993,"t":[true,null]}',
  uid: '5b4e7c1a-6f6e-4a39-8a53-0d2c3b1f9e10',
  zoned: '2026-02-28T18:30:00Z',
}

/** Maps the result of `sql`, each column to the Field of the same name. */
async function mapQuery(session: WarehouseSession, sql: string) {
  try {
    const columns = await session.columns(sql)
    const names = columns.map(({ name }) => name).filter((name) => name !== 'id')
    const request = {
      ...upsertOf(
        names.map((name) => mapped(name, name)),
        [],
        fields,
      ),
      columns,
    }
    assert.deepEqual(checkMapping(request), [])
    const mapping = compileMapping(request)
    const pages = []
    for await (const page of session.read(sql, {
      columns: mapping.columns,
      pageSize: 10,
      signal: new AbortController().signal,
    }))
      pages.push(mapping.map(page, 1))
    return pages.flatMap(({ desired, invalidRows }) => [
      ...desired.map((json) => JSON.parse(json) as unknown),
      ...invalidRows.map(({ message }) => message),
    ])
  } finally {
    await session.close()
  }
}

const literals = (
  list: string,
  shape: string,
  float: string,
) => `select '1' as id, true as flag, 9007199254740993::bigint as big, 12.50::decimal(20, 2) as price, 0.1::${float} as ratio,
  1e300::${float} as huge, date '2026-02-28' as day, timestamp '2026-02-28 23:59:59.999999' as moment, timestamptz '2026-03-01 00:00:00+05:30' as zoned,
  ${list} as list, ${shape} as shape, '007 é👍' as code, '5b4e7c1a-6f6e-4a39-8a53-0d2c3b1f9e10'::uuid as uid, time '09:30:00' as clock`
const json = `'{"n": 9007199254740993, "t": [true, null]}'`
const impossible = (float: string) =>
  `select '1' as id, 'nan'::${float} as ratio union all select '2', 'infinity'::${float}`

test('what DuckDB writes becomes the values it means', async () => {
  const open = () => duckdb.open({ path: ':memory:' }, context)
  assert.deepEqual(await mapQuery(await open(), literals(`['a', 'b, "c"', null]`, `${json}::json`, 'double')), [wanted])
  const [nan = '', infinite = ''] = await mapQuery(await open(), impossible('double'))
  assert.match(String(nan), /^Row 1: "ratio" contains "nan", which is not a number/)
  assert.match(String(infinite), /^Row 2: "ratio" contains "inf", which is not a number/)
})

test('what PostgreSQL writes becomes the values it means', async (t) => {
  const database = await testDatabase(t)
  const open = () => postgres.open(postgres.config.parse({ url: database.url, ssl: 'disable' }), context)
  for (const type of ['json', 'jsonb']) {
    assert.deepEqual(
      await mapQuery(await open(), literals(`array['a', 'b, "c"', null]`, `${json}::${type}`, 'float8')),
      [wanted],
      type,
    )
  }
  const [nan = '', infinite = ''] = await mapQuery(await open(), impossible('numeric'))
  assert.match(String(nan), /^Row 1: "ratio" contains "NaN", which is not a number/)
  assert.match(String(infinite), /^Row 2: "ratio" contains "Infinity", which is not a number/)
})
