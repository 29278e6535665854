import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkMapping } from './check-mapping.ts'
import { column, field, mapped, upsertOf } from './mapping-request.fixture.ts'
import type { MappingRequest } from './mapping-request.ts'
import { offers } from './offers.ts'

const columns = [
  column('Mail'),
  column('name'),
  column('age', 'integer'),
  column('price', 'decimal', 'DECIMAL(18,4)'),
  column('score', 'float', 'DOUBLE'),
  column('photo', 'binary', 'BLOB'),
  column('born', 'date'),
]
const fields = [
  field('email', 'text', { neverEmpty: true }),
  field('name'),
  field('custom_attributes.plan', 'text', { options: ['Free', 'Pro'] }),
  field('custom_attributes.seats', 'integer'),
  field('custom_attributes.vip', 'boolean'),
  field('signed_up_at', 'timestamp'),
  field('created_at', 'timestamp', { writable: false, remark: 'Intercom sets it.' }),
]
const of = (...given: Parameters<typeof upsertOf>[0]) => upsertOf(given, columns, fields)
const byName = (...given: Parameters<typeof upsertOf>[0]): MappingRequest => ({
  ...of(...given),
  mapping: { fields: given, autoMap: true },
})

test('what is wrong with a mapping is said with what to do', () => {
  const cases: [MappingRequest, code: string, message: RegExp, advice: RegExp][] = [
    [of(mapped('plan', 'name')), 'field-not-found', /no Field "plan"/, /^Write "custom_attributes.plan"\.$/],
    [of(mapped('Name', 'name')), 'field-not-found', /no Field "Name"/, /^Write "name"\.$/],
    [
      of(mapped('custom_attributes.seat', 'age')),
      'field-not-found',
      /"custom_attributes.seat"/,
      /^Did you mean "custom_attributes.seats"/,
    ],
    [of(mapped('zzz', 'age')), 'field-not-found', /"zzz"/, /^Correct its name, or create it/],
    [of(mapped('created_at', 'born')), 'field-read-only', /cannot be written. Intercom sets it\./, /Remove it/],
    [
      of(mapped('email', 'mail')),
      'column-not-found',
      /Column "mail" is not returned/,
      /^Write "Mail": names are case-sensitive/,
    ],
    [
      of(mapped('name', 'nme')),
      'column-not-found',
      /Column "nme"/,
      /Did you mean "name"\? The query returns "id", "Mail"/,
    ],
    [of(mapped('name', { template: 'Dear {{ nam }}' })), 'column-not-found', /Column "nam"/, /Did you mean "name"/],
    [
      of(mapped('name', { template: 'Dear {{ name }' })),
      'template-unreadable',
      /The template "Dear {{ name }" has unbalanced braces/,
      /double braces/,
    ],
    [of(mapped('name', { template: 'Dear' })), 'template-unreadable', /names no column/, /constant/],
    [
      of(mapped('name', { template: '{{ score }}' })),
      'field-type-mismatch',
      /Column "score" contains floating-point/,
      /Cast "score"/,
    ],
    [
      of(mapped('name', 'photo')),
      'field-type-mismatch',
      /Column "photo" contains bytes \(BLOB\)/,
      /Encode it.* fit without a change: "id", "Mail", "name", "age", "price", "born"/,
    ],
    [
      of(mapped('custom_attributes.seats', 'price')),
      'field-type-mismatch',
      /"price" is a decimal number, and the Field takes a whole number/,
      /clean: round.*fit without a change: "age"/,
    ],
    [
      of(mapped('signed_up_at', 'age')),
      'field-type-mismatch',
      /"age" is a whole number/,
      /number of seconds since 1970, set as: timestamp/,
    ],
    [
      of(mapped('custom_attributes.vip', 'born')),
      'field-type-mismatch',
      /is a date, and the Field takes a boolean/,
      /Map another column/,
    ],
    [
      of(mapped('custom_attributes.vip', 'born', { as: 'boolean' })),
      'field-type-mismatch',
      /is a date, which cannot be read as a boolean/,
      /in the query/,
    ],
    [
      of(mapped('name', 'age', { clean: ['trim'] })),
      'cleaner-unfit',
      /is a whole number, and trim applies to text/,
      /Remove trim/,
    ],
    [
      of(mapped('name', 'name', { clean: ['round'] })),
      'cleaner-unfit',
      /is text, and round applies to numbers/,
      /as: decimal/,
    ],
    [
      of(mapped('custom_attributes.seats', 'name', { as: 'decimal', clean: ['round', 'trim'] })),
      'cleaner-unfit',
      /trim applies to text/,
      /before the step that makes the value a number/,
    ],
    [
      of(mapped('email', 'Mail', { onNull: 'clear' })),
      'field-never-empty',
      /cannot be emptied/,
      /Remove "onNull: clear"/,
    ],
    [
      of(mapped('custom_attributes.plan', { constant: 'pro' })),
      'constant-unfit',
      /The constant "pro" is not an option/,
      /"Free", "Pro"/,
    ],
    [of(mapped('signed_up_at', { constant: 'today' })), 'constant-unfit', /"today" is not a time/, /Correct it/],
    [
      of(mapped('custom_attributes.vip', { constant: 3.5 })),
      'field-type-mismatch',
      /The constant is a decimal number/,
      /./,
    ],
    [
      of(mapped('name', 'name'), mapped('name', 'Mail')),
      'field-mapped-twice',
      /mapped twice: "name" and "Mail"/,
      /Keep one/,
    ],
    [
      { ...of(mapped('email', 'name')), fallbacks: [{ field: 'email', column: 'Mail' }] },
      'field-mapped-twice',
      /identifies the record by "Mail"/,
      /map "Mail" to it/,
    ],
    [
      {
        ...byName(),
        columns: [
          ...columns,
          column('Seats', 'integer'),
          column('custom_attributes seats', 'integer'),
          column('custom_attributes.seats', 'integer'),
          column('id'),
        ],
      },
      'field-mapped-twice',
      /"custom_attributes.seats" is mapped twice: "Seats" and "custom_attributes.seats"/,
      /name it under mapping/,
    ],
    [
      { ...of(), fields: [...fields, field('role', 'text', { required: true })] },
      'field-required',
      /The Field "role" is required to create a record/,
      /mapping: { role: <column> }/,
    ],
    [
      { ...of(), fields: [...fields, field('phone', 'text', { required: true })], identifiers: [{ field: 'phone' }] },
      'field-required',
      /"phone"/,
      /Use it as the identifier/,
    ],
    [{ ...of(), creates: false }, 'nothing-mapped', /No Field is mapped/, /autoMap: true/],
    [
      { ...of(mapped('name', 'name')), creates: false, updates: false },
      'mapping-unused',
      /sets no Fields/,
      /Remove mapping/,
    ],
  ]
  for (const [request, code, message, advice] of cases) {
    const problems = checkMapping(request)
    assert.deepEqual(
      problems.map((problem) => problem.code),
      [code],
      JSON.stringify(problems),
    )
    assert.match(problems[0]?.message ?? '', message)
    assert.match(problems[0]?.advice ?? '', advice)
  }
})

test('what is right has no problems, and all problems are told at once', () => {
  assert.deepEqual(checkMapping(of()), [])
  assert.deepEqual(checkMapping({ ...of(), creates: true, updates: false }), [])
  assert.deepEqual(checkMapping({ ...of(), mapping: undefined, creates: false, updates: false }), [])
  assert.deepEqual(
    checkMapping({
      ...of(
        mapped('email', 'Mail'),
        mapped('custom_attributes.plan', { constant: 'Pro' }),
        mapped('signed_up_at', { constant: '2026-11-22' }),
        mapped('custom_attributes.seats', { constant: null }, { onNull: 'clear' }),
      ),
      fallbacks: [{ field: 'email', column: 'Mail' }],
    }),
    [],
  )
  assert.deepEqual(
    checkMapping(of(mapped('plan', 'name'), mapped('email', 'x', { onNull: 'clear' }))).map(
      ({ code, field: name, column: from }) => [code, name, from],
    ),
    [
      ['field-not-found', 'plan', undefined],
      ['field-never-empty', 'email', 'x'],
      ['column-not-found', 'email', 'x'],
    ],
  )
})

test('a Field is offered the columns that it takes as they are', () => {
  const offered = (name: string) =>
    offers(columns, fields.find((each) => each.name === name) ?? field(name)).map((each) => each.name)
  assert.deepEqual(offered('signed_up_at'), ['born'])
  assert.deepEqual(offered('custom_attributes.seats'), ['age'])
  assert.deepEqual(offered('name'), ['Mail', 'name', 'age', 'price', 'born'])
})
