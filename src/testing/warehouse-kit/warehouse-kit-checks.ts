import assert from 'node:assert/strict'
import type { ColumnType } from '../../model/row.ts'
import { cellChecks } from './warehouse-kit-cells.ts'
import { endChecks } from './warehouse-kit-ends.ts'
import { eventually, type Opened } from './warehouse-under-test.ts'

/** What every warehouse must do, by name. A check throws when the warehouse does not. */
export const warehouseChecks = {
  'tells its version': async ({ session }) => {
    assert.match((await session.check()).version, /\d/)
  },

  'keeps every value exact': async (opened) => {
    const { sql, columns } = exactValues(opened.under.sql.bytes)
    const names = columns.map((column) => column.name)
    assert.deepEqual(await opened.pages(sql, names), [[columns.map((column) => column.text)]])
    const described = await opened.session.columns(sql)
    assert.deepEqual(
      described.map(({ name, type }) => ({ name, type })),
      columns.map(({ name, type }) => ({ name, type })),
    )
    assert.ok(described.every((column) => column.nativeType !== ''))
  },

  'keeps a long text whole': async (opened) => {
    const pages = await opened.pages(`select repeat('é😀', 200000) as long`, ['long'])
    assert.equal(pages.flat()[0]?.[0], 'é😀'.repeat(200_000))
  },

  'cuts pages to size, in order': async (opened) => {
    const pages = await opened.pages(opened.under.sql.rows(6001), ['id'], 3000)
    assert.deepEqual(
      pages.map((page) => page.length),
      [3000, 3000, 1],
    )
    assert.deepEqual(
      pages.flat(2),
      Array.from({ length: 6001 }, (_, index) => String(index)),
    )
    assert.deepEqual(
      (await opened.pages(opened.under.sql.rows(4096), ['id'], 2048)).map((page) => page.length),
      [2048, 2048],
    )
  },

  'gives no page for an empty answer': async (opened) => {
    assert.deepEqual(await opened.pages(`select 'a' as a where 1 = 0`, ['a']), [])
  },

  'reads the named columns only, in their order': async (opened) => {
    assert.deepEqual(await opened.pages(`select 'a' as "First One", 'b' as b, 'c' as "c""c"`, ['c"c', 'First One']), [
      [['c', 'a']],
    ])
    const fault = await opened.faultOf(() => opened.pages(`select 'a' as a`, ['a', 'missing']))
    assert.deepEqual([fault.kind, fault.code], ['config', 'column-not-found'])
    assert.match(fault.message, /missing/)
  },

  'takes comments, semicolons, CTEs, VALUES and parentheses': async (opened) => {
    const queries = [
      `-- first\nselect 'x' as a -- last`,
      `select 'x' as a;`,
      `select 'x' as a ; -- ; last\n ; `,
      `select 'x' as a /* ; */`,
      `with c as (select 'x' as a) select a from c`,
      `select a from (values ('x')) as v (a)`,
      `(select 'x' as a)`,
    ]
    for (const sql of queries) {
      assert.deepEqual(
        (await opened.session.columns(sql)).map((column) => column.name),
        ['a'],
        sql,
      )
      assert.deepEqual(await opened.pages(sql, ['a']), [[['x']]], sql)
    }
    assert.deepEqual(await opened.pages(`select ';' as a, '--' as b, '/*' as c, ');' as d;`, ['a', 'b', 'c', 'd']), [
      [[';', '--', '/*', ');']],
    ])
  },

  'describes a query without reading it': async (opened) => {
    const { failsWhenRead, endless } = opened.under.sql
    assert.deepEqual(
      (await opened.session.columns(failsWhenRead)).map((column) => column.name),
      ['x'],
    )
    assert.deepEqual(
      (await opened.session.columns(endless)).map((column) => column.name),
      ['n'],
    )
    const fault = await opened.faultOf(() => opened.pages(failsWhenRead, ['x']))
    assert.deepEqual([fault.kind, fault.code], ['config', 'query-failed'])
  },

  'refuses duplicate output names': async (opened) => {
    const fault = await opened.faultOf(() => opened.session.columns(`select 1 as a, 2 as b, 3 as a`))
    assert.deepEqual([fault.kind, fault.code], ['config', 'duplicate-column'])
    assert.match(fault.message, /"a"/)
    assert.match(fault.advice ?? '', / as /)
  },

  'points at the place of an error': async (opened) => {
    const fault = await opened.faultOf(() => opened.session.columns(`select 1 as a,\n  '😀é', no_such_column`))
    assert.deepEqual([fault.kind, fault.code], ['config', 'query-failed'])
    assert.match(fault.message, /no_such_column/)
    assert.match(fault.message, /line 2, column 9/)
    const syntax = await opened.faultOf(() => opened.session.columns('select 1 as a\nfrom from'))
    assert.match(syntax.message, /line 2, column 6/)
    for (const sql of ['', ' -- nothing\n', ';']) {
      assert.equal((await opened.faultOf(() => opened.session.columns(sql))).code, 'query-failed')
    }
  },

  'refuses whatever writes': async (opened) => {
    const before = await opened.under.state()
    for (const sql of opened.under.sql.writes) {
      const fault = await opened.faultOf(async () => {
        const names = (await opened.session.columns(sql)).map((column) => column.name)
        await opened.pages(sql, names)
      })
      assert.deepEqual([fault.kind, fault.code], ['config', 'query-not-read-only'], `${sql}: ${fault.message}`)
      // A read without a preceding description must fail, too.
      await opened.faultOf(() => opened.pages(sql, ['a']))
    }
    for (const sql of [
      `select 'x' as a) as q; drop table kit_state; --`,
      `select 'x' as a) as q cross join (select 'y' as b`,
      'select $1 as a',
    ]) {
      assert.equal((await opened.faultOf(() => opened.session.columns(sql))).kind, 'config', sql)
      assert.equal((await opened.faultOf(() => opened.pages(sql, ['a']))).kind, 'config', sql)
    }
    assert.deepEqual(await opened.under.state(), before)
  },

  'answers questions while a read is under way': async (opened) => {
    let count = 0
    for await (const page of opened.session.read(opened.under.sql.rows(30_000), {
      columns: ['id'],
      pageSize: 10_000,
      signal: new AbortController().signal,
    })) {
      count += page.length
      assert.equal((await opened.session.columns(`select 'x' as a`)).length, 1)
      assert.deepEqual(await opened.pages(`select 'x' as a`, ['a']), [[['x']]])
    }
    assert.equal(count, 30_000)
  },

  'stops in the warehouse when aborted, or left': async (opened) => {
    const session = await opened.open(opened.under.config)
    const before = AbortSignal.abort()
    assert.equal(
      (
        await opened.faultOf(() =>
          firstPage(session.read(opened.under.sql.rows(1), { columns: ['id'], pageSize: 1, signal: before })),
        )
      ).kind,
      'cancelled',
    )

    const during = new AbortController()
    const stuck = opened.faultOf(() =>
      firstPage(session.read(opened.under.sql.endless, { columns: ['n'], pageSize: 10, signal: during.signal })),
    )
    await eventually('the query runs', () => opened.under.isBusy())
    during.abort()
    assert.equal((await stuck).kind, 'cancelled')

    const between = new AbortController()
    const rest = opened.faultOf(async () => {
      for await (const page of session.read(opened.under.sql.rows(1_000_000), {
        columns: ['id'],
        pageSize: 1000,
        signal: between.signal,
      })) {
        assert.equal(page.length, 1000)
        between.abort()
      }
    })
    assert.equal((await rest).kind, 'cancelled')

    await firstPage(
      session.read(opened.under.sql.rows(1_000_000), {
        columns: ['id'],
        pageSize: 1000,
        signal: new AbortController().signal,
      }),
    )
    await session.close()
    await eventually('the warehouse does nothing more for us', async () => !(await opened.under.isBusy()))
  },

  'reads a million rows with flat memory': async (opened) => {
    const signal = new AbortController().signal
    let [count, settled, peak] = [0, 0, 0]
    for await (const page of opened.session.read(opened.under.sql.rows(1_000_000), {
      columns: ['id', 'label'],
      pageSize: 10_000,
      signal,
    })) {
      count += page.length
      const used = process.memoryUsage.rss()
      if (count <= 200_000) settled = Math.max(settled, used)
      peak = Math.max(peak, used)
    }
    assert.equal(count, 1_000_000)
    assert.ok(
      peak - settled < 150e6,
      `memory grew by ${Math.round((peak - settled) / 1e6)} MB from the 200,000th row on`,
    )
  },

  'says what is wrong with a connection': async (opened) => {
    for (const { name, config, kind, code } of opened.under.broken) {
      const fault = await opened.faultOf(() => opened.open(config))
      assert.deepEqual([fault.kind, fault.code], [kind, code], `${name}: ${fault.message}`)
    }
  },
  ...cellChecks,
  ...endChecks,
} satisfies Record<string, (opened: Opened) => Promise<void>>

async function firstPage(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pages) return
}

const awkward = 'it\'s "quoted" \\ back\\nslash\n\tnew line, tab; 😀 ﷽ e\u0301'

/** Standard SQL for one row with every kind of value, and the text that each value must have in any warehouse. */
function exactValues(bytes: string) {
  const values: readonly (readonly [name: string, sql: string, type: ColumnType, text: string | null])[] = [
    ['big', '9223372036854775807', 'integer', '9223372036854775807'],
    ['lowest', "cast('-9223372036854775808' as bigint)", 'integer', '-9223372036854775808'],
    [
      'precise',
      "cast('-1234567890123456789012345678.0100' as decimal(38, 4))",
      'decimal',
      '-1234567890123456789012345678.0100',
    ],
    ['scaled', 'cast(1 as decimal(10, 2))', 'decimal', '1.00'],
    ['zeros', "'007'", 'text', '007'],
    ['guid', "cast('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' as uuid)", 'uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['at', "cast('2024-02-29 12:34:56.123456' as timestamp)", 'timestamp', '2024-02-29T12:34:56.123456+00:00'],
    [
      'zoned',
      "cast('2024-02-29 12:34:56.123456+05:30' as timestamptz)",
      'timestamp',
      '2024-02-29T07:04:56.123456+00:00',
    ],
    ['second', "cast('2024-02-29 12:34:56' as timestamp)", 'timestamp', '2024-02-29T12:34:56+00:00'],
    ['never', "cast('infinity' as timestamptz)", 'timestamp', 'infinity'],
    ['past', "cast('-infinity' as date)", 'date', '-infinity'],
    ['far', "cast('12024-02-29' as date)", 'date', '12024-02-29'],
    ['born', "cast('0099-01-31' as date)", 'date', '0099-01-31'],
    ['clock', "cast('23:59:59.000001' as time)", 'time', '23:59:59.000001'],
    ['yes', 'true', 'boolean', 'true'],
    ['no', '1 = 0', 'boolean', 'false'],
    ['tenth', 'cast(0.1 as double precision)', 'float', '0.1'],
    ['document', 'cast(\'{"b": 1.10,  "a": null}\' as json)', 'json', '{"b": 1.10,  "a": null}'],
    ['raw', bytes, 'binary', '\\x00ff'],
    ['empty', "''", 'text', ''],
    ['missing', 'cast(null as varchar)', 'text', null],
    ['blank', "'  '", 'text', '  '],
    ['word_null', "'NULL'", 'text', 'NULL'],
    ['awkward', `'${awkward.replaceAll("'", "''")}'`, 'text', awkward],
  ]
  return {
    sql: `select ${values.map(([name, sql]) => `${sql} as ${name}`).join(', ')}`,
    columns: values.map(([name, , type, text]) => ({ name, type, text })),
  }
}
