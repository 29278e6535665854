import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Warehouse, WarehouseSession } from '../../connect/warehouse.ts'
import { Fault } from '../../model/fault.ts'
import { warehouse } from '../../warehouses/duckdb/index.ts'
import { duckdbSql } from './duckdb-sql.fixture.ts'
import { warehouseChecks } from './warehouse-kit-checks.ts'
import { openUnderTest } from './warehouse-under-test.ts'

const structures = [[`['a']`, '["a"]', ['a']]] as const

type Sabotage = (session: WarehouseSession) => Partial<WarehouseSession>

/** Runs the named check on DuckDB with one deliberate defect. The check must fail. */
async function runCheck(name: keyof typeof warehouseChecks, sabotage: Sabotage): Promise<void> {
  const spec: Warehouse = {
    ...warehouse,
    async open(config, context) {
      const session = await warehouse.open(config, context)
      return { ...session, ...sabotage(session) }
    },
  }
  let states = 0
  const opened = await openUnderTest({
    spec,
    config: {},
    baseDir: process.cwd(),
    secrets: [],
    sql: {
      rows: (count) => `select range::varchar as id, 'x' as label from range(${count}) order by range`,
      ...duckdbSql,
      structures,
      endless: 'select 1 as n',
      writes: ['create table t as select 1 as a'],
    },
    state: async () => states++,
    isBusy: async () => false,
    broken: [{ name: 'works', config: {}, kind: 'auth', code: 'bad-credentials' }],
    teardown: async () => undefined,
  })
  try {
    await warehouseChecks[name](opened)
  } finally {
    await opened.session.close()
  }
}

async function* changed(pages: ReturnType<WarehouseSession['read']>, change: (cell: string | null) => string | null) {
  for await (const page of pages) yield page.map((row) => row.map(change))
}

const sabotages: readonly (readonly [check: keyof typeof warehouseChecks, what: string, sabotage: Sabotage])[] = [
  [
    'tells its product, its version, and each right with what grants it',
    'no right is told',
    ({ check }) => ({ check: async () => ({ ...(await check()), rights: [] }) }),
  ],
  [
    'tells null from every text, in every kind',
    'null becomes a text',
    ({ read }) => ({ read: (sql, options) => changed(read(sql, options), (cell) => cell ?? 'null') }),
  ],
  [
    'writes a fraction in a form that reads as the same number',
    'fractions are rounded',
    ({ read }) => ({
      read: (sql, options) => changed(read(sql, options), (cell) => Number(cell).toPrecision(15)),
    }),
  ],
  [
    'keeps every value exact',
    'numbers lose digits',
    ({ read }) => ({
      read: (sql, options) =>
        changed(read(sql, options), (cell) => (cell !== null && /^\d{16,}$/.test(cell) ? String(Number(cell)) : cell)),
    }),
  ],
  [
    'keeps every value exact',
    'an empty text becomes null',
    ({ read }) => ({ read: (sql, options) => changed(read(sql, options), (cell) => (cell === '' ? null : cell)) }),
  ],
  [
    'cuts pages to size, in order',
    'pages are too long',
    ({ read }) => ({ read: (sql, options) => read(sql, { ...options, pageSize: options.pageSize * 2 }) }),
  ],
  [
    'reads the named columns only, in their order, whatever their names',
    'columns come in their own order',
    ({ read }) => ({
      read: (sql, options) => read(sql, { ...options, columns: options.columns.toSorted() }),
    }),
  ],
  [
    'describes a query without reading it',
    'describing reads',
    ({ read, columns }) => ({
      async columns(sql) {
        const found = await columns(sql)
        for await (const _ of read(sql, {
          columns: found.map((column) => column.name),
          pageSize: 10,
          signal: new AbortController().signal,
        }))
          break
        return found
      },
    }),
  ],
  ['refuses duplicate output names', 'duplicates pass', () => ({ columns: () => Promise.resolve([]) })],
  [
    'points at the place of an error, as far as its dialect says',
    'errors have no place',
    ({ columns }) => ({
      columns: (sql) =>
        columns(sql).catch((error: Error) => {
          throw new Fault('config', error.message.replace(/\(line.*/, ''), { code: 'query-failed' })
        }),
    }),
  ],
  ['refuses whatever writes', 'state changes although each statement is refused', () => ({})],
  [
    'stops in the warehouse when aborted, or left',
    'aborts go unheard',
    ({ read }) => ({
      read: (sql, options) => read(sql, { ...options, signal: new AbortController().signal }),
    }),
  ],
  [
    'reads a cell as a list of names, or refuses it',
    'JSON comes as text',
    ({ columns }) => ({
      columns: async (sql) => (await columns(sql)).map((column) => ({ ...column, type: 'text' })),
    }),
  ],
  [
    'writes lists, structures and maps as JSON, also as no row and as null',
    'lists are written in another way',
    ({ read }) => ({
      read: (sql, options) => changed(read(sql, options), (cell) => cell?.replace('[', '{').replace(']', '}') ?? null),
    }),
  ],
  [
    'knows no number that is none, alone or in a list',
    'NaN is written as 0',
    ({ read }) => ({
      read: (sql, options) => changed(read(sql, options), (cell) => (cell?.toLowerCase() === 'nan' ? '0' : cell)),
    }),
  ],
  [
    'knows no number that is none, alone or in a list',
    'NaN in a list is a text',
    ({ read }) => ({
      read: (sql, options) => changed(read(sql, options), (cell) => cell?.replace(/\[NaN|\[nan/, '["NaN"') ?? null),
    }),
  ],
  [
    'evaluates a query in UTC, or in the time zone that it is told',
    'offsets are cut',
    ({ read }) => ({
      read: (sql, options) => changed(read(sql, options), (cell) => cell?.replace(/[+-]\d\d:\d\d$/, '') ?? null),
    }),
  ],
  [
    'asks nothing more once it was told to stop',
    'it answers all the same',
    () => ({ columns: () => Promise.resolve([]) }),
  ],
  ['says what is wrong with a connection', 'a wrong configuration connects', () => ({})],
]

for (const [check, what, sabotage] of sabotages) {
  test(`the warehouse kit notices when ${what}`, async () => {
    await assert.rejects(
      runCheck(check, sabotage),
      (error) => error instanceof assert.AssertionError || Fault.is(error),
    )
  })
}
