import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FieldType } from '../../model/field.ts'
import type { Cleaner } from '../../model/mapping.ts'
import type { ColumnType } from '../../model/row.ts'
import { bring, column, field } from './mapping-request.fixture.ts'

const fieldTypes = [
  'text',
  'integer',
  'decimal',
  'boolean',
  'date',
  'timestamp',
] as const satisfies readonly FieldType[]
/** `no`: only with a cast, which the message offers. `never`: not at all. */
const no = undefined
const never = null
type Became = string | typeof no | typeof never

test('every type of column, into every type of Field: what it becomes, or that it is refused', () => {
  const table: Readonly<Record<ColumnType, readonly [cell: string, ...became: Became[]]>> = {
    //                                          text                        integer  decimal  boolean  date            timestamp
    text: ['007', '"007"', no, no, no, no, no],
    integer: ['42', '"42"', '42', '42', no, no, no],
    decimal: ['-1.50', '"-1.50"', no, '-1.5', never, never, never],
    float: ['1e+20', no, no, '100000000000000000000', never, never, never],
    boolean: ['true', '"true"', no, never, 'true', never, never],
    uuid: ['0b5a-1', '"0b5a-1"', no, no, no, no, no],
    date: ['2026-11-22', '"2026-11-22"', never, never, never, '"2026-11-22"', '"2026-11-22T00:00:00Z"'],
    time: ['09:30:00', '"09:30:00"', no, no, no, no, no],
    timestamp: [
      '2026-11-22 01:30:00.999+02',
      '"2026-11-21T23:30:00Z"',
      never,
      never,
      never,
      '"2026-11-21"',
      '"2026-11-21T23:30:00Z"',
    ],
    interval: ['1 day', '"1 day"', no, no, no, no, no],
    json: ['{"a": [1, "b c"]}', String.raw`"{\"a\":[1,\"b c\"]}"`, never, never, never, never, never],
    array: ['["a", "b c", null]', String.raw`"[\"a\",\"b c\",null]"`, never, never, never, never, never],
    binary: [String.raw`\x00ff`, never, never, never, never, never, never],
    other: ['10.0.0.1', '"10.0.0.1"', no, no, no, no, no],
  }
  for (const [type, [cell, ...became]] of Object.entries(table)) {
    for (const [index, to] of fieldTypes.entries()) {
      const expected = became[index]
      const found = bring(cell, column('c', type as ColumnType), field('f', to))
      if (typeof expected === 'string') assert.equal(found, expected, `${type} into ${to}`)
      else assert.match(found, /^field-type-mismatch: /, `${type} into ${to}`)
      if (expected !== null && typeof expected !== 'string')
        assert.match(found, /\bset (as|clean): /i, `${type} into ${to}`)
      if (expected === null) assert.doesNotMatch(found, /Say/, `${type} into ${to}`)
    }
  }
})

test('a cast reads what there is to read, and refuses the rest by name', () => {
  const cases: [ColumnType, FieldType, cell: string, became: string | RegExp][] = [
    ['text', 'integer', ' 0042 ', '42'],
    ['text', 'integer', '5.00', '5'],
    ['text', 'integer', '5.5', /is not a whole number/],
    ['text', 'integer', '', /is not a whole number/],
    ['text', 'integer', '1e3', '1000'],
    ['text', 'integer', '1e999999999', /is not a whole number/],
    ['text', 'decimal', '-.5', '-0.5'],
    ['text', 'decimal', '1,5', /is not a number/],
    ['text', 'decimal', '.', /is not a number/],
    ...['true', 'T', 'yes', '1'].map((cell): [ColumnType, FieldType, string, string] => [
      'text',
      'boolean',
      cell,
      'true',
    ]),
    ...['FALSE', 'f', 'No', ' 0 '].map((cell): [ColumnType, FieldType, string, string] => [
      'text',
      'boolean',
      cell,
      'false',
    ]),
    ['text', 'boolean', 'constructor', /is not a boolean/],
    ['text', 'date', '2026-02-28', '"2026-02-28"'],
    ['text', 'date', '2026-02-30', /is not a date/],
    ['text', 'date', '22/11/2026', /is not a date/],
    ['text', 'timestamp', '2026-11-22', '"2026-11-22T00:00:00Z"'],
    ['text', 'timestamp', '2026-11-22T09:30:00.123-05:30', '"2026-11-22T15:00:00Z"'],
    ['text', 'timestamp', '2024-02-29 24:00:00', '"2024-03-01T00:00:00Z"'],
    ['text', 'timestamp', '2026-11-22T25:00:00Z', /is not a time/],
    ['integer', 'timestamp', '1795339800', '"2026-11-22T09:30:00Z"'],
    ['integer', 'timestamp', '1795339800000', /Divide milliseconds by 1000/],
    ['integer', 'date', '-1', '"1969-12-31"'],
    ['integer', 'boolean', '1', 'true'],
    ['integer', 'boolean', '2', /is not a boolean/],
    ['boolean', 'integer', 'false', '0'],
    ['decimal', 'integer', '7.000', '7'],
    ['decimal', 'integer', '7.001', /is not a whole number.*clean: round/],
    ['float', 'text', '1.5e-7', '"0.00000015"'],
    ['json', 'integer', '5', /^field-type-mismatch/],
  ]
  for (const [from, to, cell, became] of cases) {
    const found = bring(cell, column('c', from), field('f', to), { as: to })
    if (typeof became === 'string') assert.equal(found, became, `${from} ${cell}`)
    else assert.match(found, became, `${from} ${cell}`)
  }
})

test('numbers keep their last digit or are refused', () => {
  const text = field('f')
  assert.equal(bring('9007199254740993', column('c', 'integer'), text), '"9007199254740993"')
  assert.match(
    bring('9007199254740993', column('c', 'integer'), field('f', 'integer')),
    /invalid-value: .*contains "9007199254740993".*Map it to a text Field/,
  )
  assert.match(bring('-9007199254740993', column('c', 'integer'), field('f', 'decimal')), /^invalid-value/)
  assert.equal(bring('-9007199254740991', column('c', 'integer'), field('f', 'integer')), '-9007199254740991')
  assert.match(
    bring('0.12345678901234567890', column('c', 'decimal'), field('f', 'decimal')),
    /^invalid-value: .*more digits/,
  )
  assert.equal(bring('1234567890123.125000', column('c', 'decimal'), field('f', 'decimal')), '1234567890123.125')
  assert.equal(bring('0.12345678901234567890', column('c', 'decimal'), text), '"0.12345678901234567890"')
  for (const cell of ['NaN', 'Infinity', '-inf', 'nan'])
    assert.match(bring(cell, column('c', 'float'), field('f', 'decimal')), /is not a number/)
  for (const to of fieldTypes.slice(0, 3))
    assert.match(bring('NaN', column('c', 'decimal'), field('f', to), { as: to }), /is not a/)
  assert.equal(bring('-0.00', column('c', 'decimal'), field('f', 'decimal')), '0')
  assert.match(bring('11', column('c', 'integer'), field('f', 'integer', { max: 10 })), /above 10, the maximum/)
  assert.match(bring('-1', column('c', 'integer'), field('f', 'integer', { min: 0 })), /below 0, the minimum/)
})

test('cleaners do what they say, in the order written', () => {
  const clean = (cell: string, ...cleaners: Cleaner[]) => bring(cell, column('c'), field('f'), { clean: cleaners })
  assert.equal(clean('  a \n b ', 'trim'), String.raw`"a \n b"`)
  assert.equal(clean('  a \n b ', 'collapse', 'upper'), '"A B"')
  assert.equal(clean('ÄB', 'lower'), '"äb"')
  assert.equal(clean('+49 (30) 12-3', 'digits'), '"4930123"')
  assert.equal(clean('  ', 'emptyToNull'), 'absent')
  assert.equal(clean('x', 'digits', 'emptyToNull'), 'absent')
  assert.equal(clean('x', 'emptyToNull', 'digits'), '""')
  const round = (cell: string, how: 'round' | 'floor' | 'ceil', from: ColumnType = 'decimal') =>
    bring(cell, column('c', from), field('f', 'integer'), { clean: [how] })
  assert.deepEqual(
    ['2.5', '-2.5', '2.49', '-0.4', '7'].map((cell) => round(cell, 'round')),
    ['3', '-3', '2', '0', '7'],
  )
  assert.deepEqual(
    ['2.9', '-2.1', '-2.0'].map((cell) => round(cell, 'floor')),
    ['2', '-3', '-2'],
  )
  assert.deepEqual(
    ['2.1', '-2.9', '2.0'].map((cell) => round(cell, 'ceil')),
    ['3', '-2', '2'],
  )
  assert.equal(round('1.5e3', 'round', 'float'), '1500')
  assert.equal(bring(' 5.6 ', column('c'), field('f', 'integer'), { clean: ['trim', 'round'], as: 'integer' }), '6')
  assert.equal(bring('true', column('c', 'boolean'), field('f'), { clean: ['upper'], as: 'text' }), '"TRUE"')
})

test('text goes as it is, unless nobody could keep it', () => {
  const text = (cell: string, more = {}) => bring(cell, column('c'), field('f', 'text', more))
  for (const kept of ['👩‍👩‍👧 "quoted" \\ \n', 'x'.repeat(10_000), '', ' padded '])
    assert.equal(text(kept), JSON.stringify(kept))
  for (const cell of ['a\0b', 'half \ud83d'])
    assert.match(text(cell), /invalid-value: .*contains a NUL or an incomplete character/)
  assert.doesNotMatch(text('a\0b'), /\0/)
  assert.equal(text('👍👍👍', { maxLength: 3 }), '"👍👍👍"')
  assert.match(text('abcd', { maxLength: 3 }), /has 4 characters, and the Field allows 3/)
  assert.match(text(`${'👍'.repeat(70)}`, { maxLength: 3 }), new RegExp(`contains "${'👍'.repeat(60)}…", which`))
  assert.equal(text('Pro', { options: ['Free', 'Pro'] }), '"Pro"')
  assert.match(text('pro', { options: ['Free', 'Pro'] }), /is not an option.*"Free", "Pro"/)
  assert.match(text('', { neverEmpty: true }), /cannot be emptied.*emptyToNull/)
})

test('lists and structures are compact JSON, with every digit', () => {
  const json = (cell: string, type: ColumnType = 'json', native = 'jsonb') =>
    bring(cell, column('c', type, native), field('f'))
  assert.equal(
    json('{ "n": 9007199254740993, "t": "a  \\" b" }'),
    JSON.stringify('{"n":9007199254740993,"t":"a  \\" b"}'),
  )
  assert.equal(json(' null '), 'absent')
  assert.equal(json('"Jane \\u00e9"'), '"Jane é"')
  assert.equal(json('["a", "b"]', 'array', 'VARCHAR[]'), JSON.stringify('["a","b"]'))
  assert.equal(json('[]', 'array', 'text[]'), '"[]"')
  assert.equal(json('[9007199254740993, null]', 'array', 'bigint[]'), JSON.stringify('[9007199254740993,null]'))
  for (const word of ['NaN', '-Infinity'])
    assert.match(json(`[1.5,${word}]`, 'array', 'numeric[]'), /contains NaN or Infinity, which is not valid in JSON/)
})

test('times beyond the calendar are refused', () => {
  for (const cell of ['infinity', '0044-03-15 (BC)', '0044-03-15 00:00:00 BC', '12026-01-01']) {
    for (const [from, to] of [
      ['date', 'date'],
      ['timestamp', 'timestamp'],
      ['timestamp', 'text'],
    ] as const) {
      assert.match(
        bring(cell, column('c', from), field('f', to)),
        /^invalid-value: .*years 1 to 9999/,
        `${cell} ${from}`,
      )
    }
  }
  assert.equal(
    bring('1800-06-30 18:47:30+00:17', column('c', 'timestamp'), field('f', 'timestamp')),
    '"1800-06-30T18:30:30Z"',
  )
})

test('canonical values are stable: read back as what they are, they are the same; and different values stay different', () => {
  const value = fc.oneof(
    fc.record({
      from: fc.constant<ColumnType>('integer'),
      to: fc.constantFrom<FieldType>('integer', 'decimal', 'text'),
      cell: fc.maxSafeInteger().map(String),
    }),
    fc.record({
      from: fc.constant<ColumnType>('decimal'),
      to: fc.constant<FieldType>('decimal'),
      cell: fc.tuple(fc.integer(), fc.nat(999_999)).map(([whole, part]) => `${whole}.${String(part).padStart(6, '0')}`),
    }),
    fc.record({
      from: fc.constant<ColumnType>('float'),
      to: fc.constant<FieldType>('decimal'),
      cell: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    }),
    fc.record({
      from: fc.constant<ColumnType>('text'),
      to: fc.constant<FieldType>('text'),
      cell: fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    }),
    fc.record({
      from: fc.constant<ColumnType>('timestamp'),
      to: fc.constantFrom<FieldType>('timestamp', 'date'),
      cell: fc
        .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
        .map((date) => date.toISOString().replace('T', ' ').replace('Z', '+00')),
    }),
  )
  fc.assert(
    fc.property(value, ({ from, to, cell }) => {
      const json = bring(cell, column('c', from), field('f', to))
      const canonical = JSON.parse(json) as string | number
      assert.equal(JSON.stringify(canonical), json)
      const again = to === 'date' || to === 'timestamp' || to === 'text' ? to : from
      assert.equal(bring(String(canonical), column('c', again), field('f', to)), json)
      if (from === 'integer' || from === 'float') assert.equal(Number(canonical), Number(cell))
      if (to === 'timestamp')
        assert.equal(
          Date.parse(String(canonical)),
          Math.floor(Date.parse(cell.replace(' ', 'T').replace('+00', 'Z')) / 1000) * 1000,
        )
    }),
    { numRuns: 500 },
  )
})
