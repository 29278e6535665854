import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkMapping } from './check-mapping.ts'
import { column, field, mapped, upsertOf } from './mapping-request.fixture.ts'
import type { MappingRequest } from './mapping-request.ts'
import { offers } from './offers.ts'

const columns = [column('Mail'), column('name'), column('age', 'integer'), column('price', 'decimal', 'DECIMAL(18,4)'), column('score', 'float', 'DOUBLE'), column('photo', 'binary', 'BLOB'), column('born', 'date')]
const fields = [
  field('email', 'text', { neverEmpty: true }), field('name'), field('custom_attributes.plan', 'text', { options: ['Free', 'Pro'] }), field('custom_attributes.seats', 'integer'),
  field('custom_attributes.vip', 'boolean'), field('signed_up_at', 'timestamp'), field('created_at', 'timestamp', { writable: false, remark: 'Intercom sets it.' }),
]
const of = (...given: Parameters<typeof upsertOf>[0]) => upsertOf(given, columns, fields)
const byName = (...given: Parameters<typeof upsertOf>[0]): MappingRequest => ({ ...of(...given), mapping: { fields: given, autoMap: true } })

test('what is wrong with a mapping is said with what to do', () => {
  const cases: [MappingRequest, code: string, message: RegExp, advice: RegExp][] = [
    [of(mapped('plan', 'name')), 'field-not-found', /no Field "plan"/, /^Write "custom_attributes.plan"\.$/],
    [of(mapped('Name', 'name')), 'field-not-found', /no Field "Name"/, /^Write "name"\.$/],
    [of(mapped('custom_attributes.seat', 'age')), 'field-not-found', /"custom_attributes.seat"/, /^Did you mean "custom_attributes.seats"/],
    [of(mapped('zzz', 'age')), 'field-not-found', /"zzz"/, /^Correct its name, or create it/],
    [of(mapped('created_at', 'born')), 'field-read-only', /cannot be written. Intercom sets it\./, /Take it out/],
    [of(mapped('email', 'mail')), 'column-not-found', /Column "mail" is not returned/, /^Write "Mail": names are compared with regard to case/],
    [of(mapped('name', 'nme')), 'column-not-found', /Column "nme"/, /Did you mean "name"\? It returns "id", "Mail"/],
    [of(mapped('name', { template: 'Dear {{ nam }}' })), 'column-not-found', /Column "nam"/, /Did you mean "name"/],
    [of(mapped('name', { template: 'Dear {{ name }' })), 'template-unreadable', /The template "Dear {{ name }" has braces/, /double braces/],
    [of(mapped('name', { template: 'Dear' })), 'template-unreadable', /names no column/, /constant/],
    [of(mapped('name', { template: '{{ score }}' })), 'field-type-mismatch', /Column "score" holds floating-point/, /Cast "score"/],
    [of(mapped('name', 'photo')), 'field-type-mismatch', /Column "photo" holds bytes \(BLOB\)/, /Encode it.* these fit: "id", "Mail", "name", "age", "price", "born"/],
    [of(mapped('custom_attributes.seats', 'price')), 'field-type-mismatch', /"price" is a decimal number, and the Field holds a whole number/, /clean: round.*these fit: "age"/],
    [of(mapped('signed_up_at', 'age')), 'field-type-mismatch', /"age" is a whole number/, /as: timestamp, if it counts seconds since 1970/],
    [of(mapped('custom_attributes.vip', 'born')), 'field-type-mismatch', /is a day, and the Field holds true or false/, /Map another column/],
    [of(mapped('custom_attributes.vip', 'born', { as: 'boolean' })), 'field-type-mismatch', /is a day, which cannot be read as true or false/, /in the query/],
    [of(mapped('name', 'age', { clean: ['trim'] })), 'cleaner-unfit', /is a whole number, and trim is for text/, /Take trim out/],
    [of(mapped('name', 'name', { clean: ['round'] })), 'cleaner-unfit', /is text, and round is for numbers/, /as: decimal/],
    [of(mapped('custom_attributes.seats', 'name', { as: 'decimal', clean: ['round', 'trim'] })), 'cleaner-unfit', /trim is for text/, /before what makes it a number/],
    [of(mapped('email', 'Mail', { onNull: 'clear' })), 'field-never-empty', /cannot be made empty/, /Take "onNull: clear" out/],
    [of(mapped('custom_attributes.plan', { constant: 'pro' })), 'constant-unfit', /The constant "pro" is none of the options/, /"Free", "Pro"/],
    [of(mapped('signed_up_at', { constant: 'today' })), 'constant-unfit', /"today" is not a time/, /Correct it/],
    [of(mapped('custom_attributes.vip', { constant: 3.5 })), 'field-type-mismatch', /The constant is a decimal number/, /./],
    [of(mapped('name', 'name'), mapped('name', 'Mail')), 'field-mapped-twice', /mapped twice: "name" and "Mail"/, /Keep one/],
    [{ ...of(mapped('email', 'name')), fallbacks: [{ field: 'email', column: 'Mail' }] }, 'field-mapped-twice', /identifies the record by "Mail"/, /map "Mail" to it/],
    [{ ...byName(), columns: [...columns, column('Seats', 'integer'), column('custom_attributes seats', 'integer'), column('custom_attributes.seats', 'integer'), column('id')] },
      'field-mapped-twice', /"custom_attributes.seats" is mapped twice: "Seats" and "custom_attributes.seats"/, /name it under mapping/],
    [{ ...of(), fields: [...fields, field('role', 'text', { required: true })] }, 'field-required', /created without the Field "role"/, /mapping: { role: <column> }/],
    [{ ...of(), fields: [...fields, field('phone', 'text', { required: true })], identifiers: [{ field: 'phone' }] }, 'field-required', /"phone"/, /Identify records by it/],
    [{ ...of(), creates: false }, 'nothing-mapped', /nothing to update/, /autoMap: true/],
    [{ ...of(mapped('name', 'name')), creates: false, updates: false }, 'mapping-unused', /sets no Fields/, /Take mapping/],
  ]
  for (const [request, code, message, advice] of cases) {
    const problems = checkMapping(request)
    assert.deepEqual(problems.map((problem) => problem.code), [code], JSON.stringify(problems))
    assert.match(problems[0]?.message ?? '', message)
    assert.match(problems[0]?.advice ?? '', advice)
  }
})

test('what is right has no problems, and all problems are told at once', () => {
  assert.deepEqual(checkMapping(of()), [])
  assert.deepEqual(checkMapping({ ...of(), creates: true, updates: false }), [])
  assert.deepEqual(checkMapping({ ...of(), mapping: undefined, creates: false, updates: false }), [])
  assert.deepEqual(checkMapping({ ...of(mapped('email', 'Mail'), mapped('custom_attributes.plan', { constant: 'Pro' }), mapped('signed_up_at', { constant: '2026-11-22' }),
    mapped('custom_attributes.seats', { constant: null }, { onNull: 'clear' })), fallbacks: [{ field: 'email', column: 'Mail' }] }), [])
  assert.deepEqual(checkMapping(of(mapped('plan', 'name'), mapped('email', 'x', { onNull: 'clear' }))).map(({ code, field: name, column: from }) => [code, name, from]), [
    ['field-not-found', 'plan', undefined], ['field-never-empty', 'email', 'x'], ['column-not-found', 'email', 'x'],
  ])
})

test('a Field is offered the columns that it takes as they are', () => {
  const offered = (name: string) => offers(columns, fields.find((each) => each.name === name) ?? field(name)).map((each) => each.name)
  assert.deepEqual(offered('signed_up_at'), ['born'])
  assert.deepEqual(offered('custom_attributes.seats'), ['age'])
  assert.deepEqual(offered('name'), ['Mail', 'name', 'age', 'price', 'born'])
})
