import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identifyBy } from './identify.ts'
import { mapIdentifiers } from './map-identifiers.ts'

const comparisons = [{ field: 'external_id' }, { field: 'email', fold: true }, { field: 'id' }] as const
const byId = { field: 'external_id', column: 'uid' }
const byEmail = { field: 'email', column: 'mail' }

test('an identifier is taken as it is, to the last space and zero; one compared without case is folded', () => {
  const exact = mapIdentifiers([byId], comparisons)
  const { keys, rows, identities, invalidRows } = exact.map(
    [['007', 'x'], [' A b '], [null], ['\t '], ['a\0'], ['é'.repeat(501)], ['é'.repeat(500)]],
    11,
  )
  assert.deepEqual(keys, ['007', ' A b ', 'é'.repeat(500)])
  assert.deepEqual(rows[0], ['007', 'x'])
  assert.deepEqual(identities, [])
  assert.deepEqual(
    invalidRows.map(({ row, code, column }) => [row, code, column]),
    [
      [13, 'null-identifier', 'uid'],
      [14, 'blank-identifier', 'uid'],
      [15, 'invalid-identifier', 'uid'],
      [16, 'invalid-identifier', 'uid'],
    ],
  )
  assert.doesNotMatch(JSON.stringify(invalidRows), /\\u0000/)
  assert.deepEqual(mapIdentifiers([byEmail], comparisons).map([[' Jane@ACME.com ']], 1).keys, ['jane@acme.com'])
})

test('the first identifier that a Row has is its Key, and all it has are kept', () => {
  const { columns, map } = mapIdentifiers([byId, byEmail], comparisons)
  assert.deepEqual(columns, ['uid', 'mail'])
  const { keys, identities, invalidRows } = map(
    [
      ['1', 'A@b.c'],
      ['2', null],
      ['2', ' '],
      [null, 'A@b.c'],
      ['', 'd@e.f'],
      [null, null],
      [' ', null],
      ['3', 'x'.repeat(501)],
    ],
    1,
  )
  assert.deepEqual(keys, ['1', '2', '2', 'email:a@b.c', 'email:d@e.f'])
  assert.deepEqual(identities, [
    '[["external_id","1"],["email","a@b.c"]]',
    null,
    null,
    '[["email","a@b.c"]]',
    '[["email","d@e.f"]]',
  ])
  assert.deepEqual(
    invalidRows.map(({ row, code, column }) => [row, code, column]),
    [
      [6, 'null-identifier', 'uid, mail'],
      [7, 'blank-identifier', 'uid, mail'],
      [8, 'invalid-identifier', 'mail'],
    ],
  )
  assert.match(invalidRows[0]?.message ?? '', /^Row 6: "uid" and "mail" are null/)
})

test('one column may hold two identifiers', () => {
  const { columns, key, identities } = identifyBy([byEmail, { field: 'external_id', column: 'mail' }], comparisons)
  assert.deepEqual(columns, ['mail'])
  assert.equal(key(['A@b.c'], 1), 'a@b.c')
  assert.equal(identities(['A@b.c']), '[["email","a@b.c"],["external_id","A@b.c"]]')
})
