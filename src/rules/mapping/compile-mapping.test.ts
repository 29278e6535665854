import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Fields } from '../../model/field.ts'
import { fingerprintsOf } from '../fingerprints.ts'
import { checkMapping } from './check-mapping.ts'
import { compileMapping } from './compile-mapping.ts'
import { column, field, mapped, mapRows, upsertOf } from './mapping-request.fixture.ts'

const columns = [column('mail'), column('first'), column('last'), column('n', 'integer')]
const fields = [
  field('email'),
  field('name'),
  field('custom_attributes.plan'),
  field('custom_attributes.seats', 'integer'),
  field('role', 'text', { required: true, options: ['user', 'lead'] }),
]
const row = (id: string | null, mail: string | null, first: string | null, last: string | null, n: string | null) => [
  id,
  mail,
  first,
  last,
  n,
]
const user = mapped('role', { constant: 'user' })

test('a page of Rows becomes Records: sorted Fields, nulls as told, refused Rows by name', () => {
  const request = upsertOf(
    [
      user,
      mapped('name', { template: '{{ first }} {{last}}' }, { onNull: 'clear', onlyIfEmpty: true }),
      mapped('email', 'mail'),
      mapped('custom_attributes.seats', 'n'),
    ],
    columns,
    fields,
  )
  assert.deepEqual(checkMapping(request), [])
  const compiled = compileMapping(request)
  assert.deepEqual(compiled.columns, ['id', 'first', 'last', 'mail', 'n'])
  assert.deepEqual(compiled.fields, ['custom_attributes.seats', 'email', 'name', 'role'])
  assert.deepEqual([...compiled.onlyIfEmpty], ['name'])
  const { keys, desired, identities, invalidRows, invalidKeys } = mapRows(request, [
    row('1', ' Jane@ACME.com ', 'Jane', 'Doe', '3'),
    row('2', null, null, null, null),
    row('3', null, null, 'Doe', null),
    row('4', 'x', 'y', 'z', '9007199254740993'),
    row(null, 'x', 'y', 'z', '1'),
    row('6', null, 'a\0', null, '1'),
  ])
  assert.deepEqual(keys, ['1', '2', '3'])
  assert.deepEqual(desired, [
    '{"custom_attributes.seats":3,"email":"jane@acme.com","name":"Jane Doe","role":"user"}',
    '{"name":null,"role":"user"}',
    '{"name":" Doe","role":"user"}',
  ])
  assert.deepEqual(identities, [null, null, null])
  assert.deepEqual(invalidKeys, ['4', '6'])
  assert.deepEqual(
    invalidRows.map(({ row: number, key, code, column: named }) => [number, key, code, named]),
    [
      [4, '4', 'invalid-value', 'n'],
      [5, null, 'null-identifier', 'id'],
      [6, '6', 'invalid-value', 'first, last'],
    ],
  )
  assert.equal(
    invalidRows[0]?.message,
    'Row 4: "n" contains "9007199254740993", which has more digits than a number Field keeps (beyond ±9007199254740991 the digits change); ' +
      'it is mapped to the Field "custom_attributes.seats" (integer). Map it to a text Field, which keeps all digits.',
  )
  assert.match(invalidRows[2]?.message ?? '', /^Row 6: "first" and "last" contains "a� ", which contains a NUL/)
})

test('a Field that creation needs must have a value, mapped or as an identifier', () => {
  const fromColumn = upsertOf([mapped('role', 'first', { clean: ['lower'] })], columns, fields)
  const invalidRowOf = (request: typeof fromColumn, first: string | null) =>
    mapRows(request, [row('1', null, first, null, null)]).invalidRows[0]
  assert.equal(invalidRowOf(fromColumn, null)?.code, 'missing-value')
  assert.equal(invalidRowOf(fromColumn, '')?.code, 'missing-value')
  assert.equal(invalidRowOf(fromColumn, 'LEAD'), undefined)
  assert.equal(invalidRowOf({ ...fromColumn, creates: false }, null), undefined)
  const needsMail = {
    ...upsertOf([user], columns, [...fields.slice(1), field('email', 'text', { required: true })]),
    fallbacks: [{ field: 'email', column: 'mail' }],
  }
  assert.deepEqual(checkMapping(needsMail), [])
  const { keys, identities, invalidRows } = mapRows(needsMail, [
    row('1', null, null, null, null),
    row(null, 'A@b.c', null, null, null),
  ])
  assert.deepEqual([keys, identities], [['email:a@b.c'], ['[["email","a@b.c"]]']])
  assert.deepEqual(
    invalidRows.map(({ code, column: named }) => [code, named]),
    [['missing-value', 'mail']],
  )
})

test('autoMap takes every other column to the Field of its name, and no column that does not fit', () => {
  const request = upsertOf(
    [user, mapped('name', 'first')],
    [
      ...columns,
      column('PLAN'),
      column('Custom-Attributes.Seats', 'integer'),
      column('created at', 'timestamp'),
      column('owner', 'json'),
      column('size', 'float'),
      column('city'),
    ],
    [
      ...fields,
      field('created_at', 'timestamp', { writable: false }),
      field('owner', 'integer'),
      field('size', 'decimal'),
      field('a.city'),
      field('b.city'),
      field('last'),
      field('custom_attributes.last'),
    ],
    { mapping: { fields: [user, mapped('name', 'first')], autoMap: true } },
  )
  assert.deepEqual(checkMapping(request), [])
  assert.deepEqual(compileMapping(request).fields, [
    'custom_attributes.plan',
    'custom_attributes.seats',
    'last',
    'name',
    'role',
    'size',
  ])
})

test('equal Rows map to equal bytes in every Run, and different values leave different prints', () => {
  const request = upsertOf(
    [user, mapped('name', 'first', { onNull: 'clear' }), mapped('custom_attributes.seats', 'n')],
    columns,
    fields,
  )
  const cell = fc.option(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')))
  const number = fc.option(fc.maxSafeInteger().map(String))
  fc.assert(
    fc.property(fc.tuple(cell, number), fc.tuple(cell, number), ([name, n], [otherName, otherN]) => {
      const want = (first: string | null, seats: string | null) =>
        mapRows(request, [row('1', null, first, null, seats)]).desired[0] ?? ''
      assert.equal(want(name, n), want(name, n))
      assert.equal(JSON.stringify(JSON.parse(want(name, n))), want(name, n))
      const isSame = name === otherName && n === otherN
      assert.equal(
        fingerprintsOf(JSON.parse(want(name, n)) as Fields) ===
          fingerprintsOf(JSON.parse(want(otherName, otherN)) as Fields),
        isSame,
      )
    }),
    { numRuns: 300 },
  )
})
