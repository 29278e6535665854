import assert from 'node:assert/strict'
import { namesReader } from '../../rules/group-names.ts'
import { cast } from '../../rules/mapping/casts.ts'
import { readColumn } from '../../rules/mapping/read-column.ts'
import { chain } from '../../rules/mapping/step.ts'
import type { Opened } from './warehouse-under-test.ts'

/** Every kind of cell that a column of names may contain, in standard SQL. `null`: the row is invalid. */
const cells: readonly (readonly [value: string, names: readonly string[] | null])[] = [
  ['cast(null as varchar)', []],
  [`''`, []],
  [`'  '`, []],
  [`' VIP '`, ['VIP']],
  [`'a, b'`, ['a, b']],
  [`'NULL'`, ['NULL']],
  [`'[VIP]'`, ['[VIP]']],
  [`'{a,b}'`, ['{a,b}']],
  [`'é😀'`, ['é😀']],
  ['42', ['42']],
  ['9007199254740993', ['9007199254740993']],
  ['cast(1.50 as decimal(10, 2))', ['1.50']],
  [`cast('2026-11-22' as date)`, ['2026-11-22']],
  [`cast('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' as uuid)`, ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
  [`cast('null' as json)`, []],
  [`cast('"VIP"' as json)`, ['VIP']],
  [`cast('42' as json)`, ['42']],
  [`cast('[]' as json)`, []],
  [`cast('["a", null, "b, \\"c\\"", "", 9007199254740993]' as json)`, ['9007199254740993', 'a', 'b, "c"']],
  [`cast('true' as json)`, null],
  [`cast('{"plan":"gold"}' as json)`, null],
  [`cast('{}' as json)`, null],
  [`cast('["a",["b"]]' as json)`, null],
  [`cast('["a",{"b":1}]' as json)`, null],
  [`cast('[true]' as json)`, null],
  [`cast('["a\\u0007b"]' as json)`, null],
  [`cast('"a\\u0000b"' as json)`, null],
  [`cast('["a\\u001fb"]' as json)`, null],
  [`'["a","b"]'`, null],
  [`'{"plan":"gold"}'`, null],
  [`'a' || chr(7) || 'b'`, null],
  [`'a' || chr(31) || 'b'`, null],
  [`'a' || chr(10) || 'b'`, null],
  [`'a' || chr(133) || 'b'`, null],
  ['true', null],
  ['cast(0.5 as double precision)', null],
  [`cast('nan' as double precision)`, null],
  [`cast('infinity' as real)`, null],
  [`cast('10:00:00' as time)`, null],
  [`cast('2026-11-22 10:00:00' as timestamp)`, null],
  [`interval '1' day`, null],
]

/** Fields and groups must read a cell the same way in every warehouse. */
export const cellChecks = {
  'reads a cell as a list of names, or refuses it': async (opened: Opened) => {
    const { sql } = opened.under
    const all = [
      ...cells,
      [sql.bytes, null] as const,
      ...sql.structures.map(([value, , names]) => [value, names] as const),
    ]
    const query = `select ${all.map(([value], index) => `${value} as c${index}`).join(', ')}`
    const columns = await opened.session.columns(query)
    const [[row = []] = []] = await opened.pages(
      query,
      columns.map(({ name }) => name),
    )
    for (const [index, [value, expected]] of all.entries()) {
      const column = columns[index]
      assert.ok(column)
      const names = namesReader(column, { column: column.name })(row[index] ?? null)
      if (expected === null) assert.ok('why' in names, `${value} became ${JSON.stringify(names)}`)
      else assert.deepEqual(names, expected, `${value}, which came as ${row[index]}`)
    }
  },

  'writes lists, structures and maps as JSON, also as no row and as null': async (opened: Opened) => {
    const { structures } = opened.under.sql
    const query = `select ${structures.map(([value], index) => `${value} as c${index}, case when 1 = 0 then ${value} end as n${index}`).join(', ')}`
    const columns = await opened.session.columns(query)
    const [[row = []] = []] = await opened.pages(
      query,
      columns.map(({ name }) => name),
    )
    for (const [index, [value, json]] of structures.entries()) {
      const column = columns[2 * index]
      assert.ok(column?.type === 'array' || column?.type === 'json', `${value} is of type ${column?.type}`)
      const read = chain(readColumn(column)?.steps ?? [])
      assert.equal(read(row[2 * index] ?? ''), json, value)
      assert.ok(isJson(row[2 * index] ?? ''), `${value} came as ${row[2 * index]}`)
      assert.equal(row[2 * index + 1], null, `null of ${value}`)
    }
  },

  'knows no number that is none': async (opened: Opened) => {
    const query = `select cast('nan' as double precision) as a, cast('infinity' as real) as b, cast('-infinity' as double precision) as c, cast('[1.5]' as json) as d`
    const columns = await opened.session.columns(query)
    const [[row = []] = []] = await opened.pages(query, ['a', 'b', 'c'])
    for (const [index, cell] of row.entries()) {
      const column = columns[index]
      assert.ok(column && cell !== null && cell !== undefined)
      const value = cast(readColumn(column)?.kind ?? 'text', 'decimal', false)?.(cell)
      assert.ok(typeof value === 'object' && value !== null, `${cell} became ${JSON.stringify(value)}`)
    }
  },

  'keeps years before Christ, as no day that any Field takes': async (opened: Opened) => {
    const [date, zoned] = opened.under.sql.beforeChrist
    assert.deepEqual(await opened.pages(`select ${date} as d, ${zoned} as z`, ['d', 'z']), [
      [['0044-03-15 BC', '0044-03-15T00:00:00+00:00 BC']],
    ])
  },

  'evaluates a query in UTC, or in the time zone that it is told': async (opened: Opened) => {
    const query = `select cast(cast('2024-07-01 23:30:00+00' as timestamptz) as date) as day, cast('2024-07-01 23:30:00.5+00' as timestamptz) as summer,
      cast('2024-01-01 23:30:00+00' as timestamptz) as winter, cast('2024-07-01 12:00:00' as timestamp) as local, cast(cast('2024-07-01 12:00:00' as timestamp) as timestamptz) as zoned`
    const names = ['day', 'summer', 'winter', 'local', 'zoned']
    const rowIn = async (timezone: string | undefined) => {
      const session = await opened.open({
        ...(opened.under.config as object),
        ...(timezone !== undefined && { timezone }),
      })
      try {
        assert.equal(session.timezone, timezone ?? 'UTC')
        for await (const [row] of session.read(query, {
          columns: names,
          pageSize: 10,
          signal: new AbortController().signal,
        }))
          return row
        return undefined
      } finally {
        await session.close()
      }
    }
    const utc = [
      '2024-07-01',
      '2024-07-01T23:30:00.5+00:00',
      '2024-01-01T23:30:00+00:00',
      '2024-07-01T12:00:00+00:00',
      '2024-07-01T12:00:00+00:00',
    ]
    assert.deepEqual(await rowIn(undefined), utc)
    assert.deepEqual(await rowIn('UTC'), utc)
    assert.deepEqual(await rowIn('Europe/Berlin'), [
      '2024-07-02',
      '2024-07-02T01:30:00.5+02:00',
      '2024-01-02T00:30:00+01:00',
      '2024-07-01T12:00:00+02:00',
      '2024-07-01T12:00:00+02:00',
    ])
    assert.deepEqual(await rowIn('Asia/Kathmandu'), [
      '2024-07-02',
      '2024-07-02T05:15:00.5+05:45',
      '2024-01-02T05:15:00+05:45',
      '2024-07-01T12:00:00+05:45',
      '2024-07-01T12:00:00+05:45',
    ])
    for (const timezone of ['Europe/Nowhere', '+02:00', `UTC'; drop table x; --`, '']) {
      assert.equal(
        opened.under.spec.config.safeParse({ ...(opened.under.config as object), timezone }).success,
        false,
        timezone,
      )
    }
  },
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    // Not JSON.
    return false
  }
}
