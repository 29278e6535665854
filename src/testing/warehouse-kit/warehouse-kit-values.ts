import assert from 'node:assert/strict'
import type { ColumnType } from '../../model/row.ts'
import type { Opened, ValueKind } from './warehouse-under-test.ts'

const awkward = 'it\'s "quoted" \\ back\\nslash `tick`\n\tnew line, tab; 😀 ﷽ e\u0301'

type Exact = readonly [kind: ValueKind, written: string, type: ColumnType, text: string]

/** One value of every kind, and the text that it must have in any warehouse with that kind. */
const values: readonly Exact[] = [
  ['integer', '9223372036854775807', 'integer', '9223372036854775807'],
  ['integer', '-9223372036854775808', 'integer', '-9223372036854775808'],
  ['decimal', '-1234567890123456789012345678.0123', 'decimal', '-1234567890123456789012345678.0123'],
  ['uuid', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['timestamp', '2024-02-29 12:34:56.123456', 'timestamp', '2024-02-29T12:34:56.123456+00:00'],
  ['timestamp', '2024-02-29 12:34:56', 'timestamp', '2024-02-29T12:34:56+00:00'],
  ['zoned', '2024-02-29 12:34:56.123456+05:30', 'timestamp', '2024-02-29T07:04:56.123456+00:00'],
  ['date', '0099-01-31', 'date', '0099-01-31'],
  ['date', '9999-12-31', 'date', '9999-12-31'],
  ['time', '23:59:59.000001', 'time', '23:59:59.000001'],
  ['boolean', 'true', 'boolean', 'true'],
  ['boolean', 'false', 'boolean', 'false'],
  ['text', '007', 'text', '007'],
  ['text', '', 'text', ''],
  ['text', '  ', 'text', '  '],
  ['text', 'NULL', 'text', 'NULL'],
  ['text', awkward, 'text', awkward],
]

/** Types of which a warehouse must show at least one value of its own. */
const ownTypes: readonly ColumnType[] = ['binary', 'json', 'decimal']

/** Every value must arrive as the exact text that the contract states. */
export const valueChecks = {
  'keeps every value exact': async (opened: Opened) => {
    const { own } = opened.under.sql
    for (const type of ownTypes)
      assert.ok(
        own.some(([, each]) => each === type),
        `no value of its own of type ${type}`,
      )
    const expected = [
      ...values.flatMap(([kind, written, type, text]) => {
        const sql = opened.value(kind, written)
        return sql === undefined ? [] : [{ sql, type, text }]
      }),
      ...own.map(([sql, type, text]) => ({ sql, type, text })),
    ]
    const query = opened.select(Object.fromEntries(expected.map(({ sql }, index) => [`c${index}`, sql])))
    const described = await opened.session.columns(query)
    const names = expected.map((_, index) => `c${index}`)
    assert.deepEqual(
      described.map(({ name, type }) => [name, type]),
      expected.map(({ type }, index) => [names[index], type]),
    )
    assert.ok(described.every((column) => column.nativeType !== ''))
    assert.deepEqual(await opened.pages(query, names), [[expected.map(({ text }) => text)]])
  },

  'tells null from every text, in every kind': async (opened: Opened) => {
    const kinds = [...new Set(values.map(([kind]) => kind))]
    const nulls = kinds.flatMap((kind) => opened.under.sql.as('null', kind) ?? [])
    const query = opened.select(Object.fromEntries(nulls.map((sql, index) => [`c${index}`, sql])))
    const names = nulls.map((_, index) => `c${index}`)
    assert.deepEqual(await opened.pages(query, names), [[nulls.map(() => null)]])
  },

  'writes a fraction in a form that reads as the same number': async (opened: Opened) => {
    const written = ['0.1', '-1e-7', '1.7976931348623157e308', '5e-324', '0.30000000000000004']
    const query = opened.select(
      Object.fromEntries(written.map((number, index) => [`c${index}`, opened.value('float', number) ?? ''])),
    )
    const [[row = []] = []] = await opened.pages(
      query,
      written.map((_, index) => `c${index}`),
    )
    assert.deepEqual(row.map(Number), written.map(Number))
  },

  'keeps a long text whole': async (opened: Opened) => {
    const query = opened.select({ long: opened.under.sql.repeat(opened.text('é😀'), 200_000) })
    assert.equal((await opened.pages(query, ['long'])).flat()[0]?.[0], 'é😀'.repeat(200_000))
  },
}
