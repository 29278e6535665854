import assert from 'node:assert/strict'
import { namesReader } from '../../rules/group-names.ts'
import { cast } from '../../rules/mapping/casts.ts'
import { readColumn } from '../../rules/mapping/read-column.ts'
import { chain } from '../../rules/mapping/step.ts'
import type { Opened, ValueKind } from './warehouse-under-test.ts'

/** Every kind of cell that a column of names may contain. `null`: the row is invalid. */
const cells: readonly (readonly [kind: ValueKind, written: string, names: readonly string[] | null])[] = [
  ['text', '', []],
  ['text', '  ', []],
  ['text', ' VIP ', ['VIP']],
  ['text', 'a, b', ['a, b']],
  ['text', 'NULL', ['NULL']],
  ['text', '[VIP]', ['[VIP]']],
  ['text', '{a,b}', ['{a,b}']],
  ['text', 'é😀', ['é😀']],
  ['integer', '42', ['42']],
  ['integer', '9007199254740993', ['9007199254740993']],
  ['decimal', '1.2345', ['1.2345']],
  ['date', '2026-11-22', ['2026-11-22']],
  ['uuid', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
  ['json', 'null', []],
  ['json', '"VIP"', ['VIP']],
  ['json', '42', ['42']],
  ['json', '[]', []],
  ['json', '["a", null, "b, \\"c\\"", "", 9007199254740993]', ['9007199254740993', 'a', 'b, "c"']],
  ['json', 'true', null],
  ['json', '{"plan":"gold"}', null],
  ['json', '{}', null],
  ['json', '["a",["b"]]', null],
  ['json', '["a",{"b":1}]', null],
  ['json', '[true]', null],
  ['json', '["a\\u0007b"]', null],
  ['json', '"a\\u0000b"', null],
  ['json', '["a\\u001fb"]', null],
  ['text', '["a","b"]', null],
  ['text', '{"plan":"gold"}', null],
  ['text', 'a\u0007b', null],
  ['text', 'a\u001fb', null],
  ['text', 'a\nb', null],
  ['text', 'a\u0085b', null],
  ['boolean', 'true', null],
  ['float', '0.5', null],
  ['time', '10:00:00', null],
  ['timestamp', '2026-11-22 10:00:00', null],
  ['interval', '1 day', null],
]

/** Fields and groups must read a cell the same way in every warehouse. */
export const cellChecks = {
  'reads a cell as a list of names, or refuses it': async (opened: Opened) => {
    const { sql } = opened.under
    const all = [
      ...cells.flatMap(([kind, written, names]) => {
        const value = opened.value(kind, written)
        return value === undefined ? [] : [[value, names] as const]
      }),
      [sql.as('null', 'text') ?? '', []] as const,
      ...sql.own.filter(([, type]) => type === 'binary').map(([value]) => [value, null] as const),
      ...sql.noNumbers.map((value) => [value, null] as const),
      ...sql.structures.map(([value, , names]) => [value, names] as const),
    ]
    const query = opened.select(Object.fromEntries(all.map(([value], index) => [`c${index}`, value])))
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
    const query = opened.select(
      Object.fromEntries(
        structures.flatMap(([value], index) => [
          [`c${index}`, value],
          [`n${index}`, `case when 1 = 0 then ${value} end`],
        ]),
      ),
    )
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

  'knows no number that is none, alone or in a list': async (opened: Opened) => {
    const { noNumbers } = opened.under.sql
    if (noNumbers.length === 0) return
    const query = opened.select(Object.fromEntries(noNumbers.map((value, index) => [`c${index}`, value])))
    const columns = await opened.session.columns(query)
    const [[row = []] = []] = await opened.pages(
      query,
      columns.map(({ name }) => name),
    )
    for (const [index, cell] of row.entries()) {
      const column = columns[index]
      assert.ok(column && cell !== null && cell !== undefined)
      const { kind = 'text', steps = [] } = readColumn(column) ?? {}
      const read = chain(steps)(cell)
      const value = kind === 'structure' || typeof read !== 'string' ? read : cast(kind, 'decimal', false)?.(read)
      assert.ok(typeof value === 'object' && value !== null, `${noNumbers[index]} became ${JSON.stringify(value)}`)
    }
  },

  'evaluates a query in UTC, or in the time zone that it is told': async (opened: Opened) => {
    const zoned = opened.value('zoned', '2024-07-01 23:30:00+00:00')
    const local = opened.value('timestamp', '2024-07-01 12:00:00') ?? ''
    // What follows needs a type for times with a zone: the day at that time, and a time without a zone made one with it.
    const ofZones = zoned !== undefined && {
      day: opened.under.sql.as(zoned, 'date') ?? '',
      summer: opened.value('zoned', '2024-07-01 23:30:00.5+00:00') ?? '',
      winter: opened.value('zoned', '2024-01-01 23:30:00+00:00') ?? '',
      zoned: opened.under.sql.as(local, 'zoned') ?? '',
    }
    const query = opened.select({ local, ...ofZones })
    const names = ['local', ...Object.keys(ofZones || {})]
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
      '2024-07-01T12:00:00+00:00',
      '2024-07-01',
      '2024-07-01T23:30:00.5+00:00',
      '2024-01-01T23:30:00+00:00',
      '2024-07-01T12:00:00+00:00',
    ]
    const berlin = [
      '2024-07-01T12:00:00+02:00',
      '2024-07-02',
      '2024-07-02T01:30:00.5+02:00',
      '2024-01-02T00:30:00+01:00',
      '2024-07-01T12:00:00+02:00',
    ]
    const kathmandu = [
      '2024-07-01T12:00:00+05:45',
      '2024-07-02',
      '2024-07-02T05:15:00.5+05:45',
      '2024-01-02T05:15:00+05:45',
      '2024-07-01T12:00:00+05:45',
    ]
    for (const [timezone, row] of [
      [undefined, utc],
      ['UTC', utc],
      ['Europe/Berlin', berlin],
      ['Asia/Kathmandu', kathmandu],
    ] as const)
      assert.deepEqual(await rowIn(timezone), row.slice(0, names.length), timezone)
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
