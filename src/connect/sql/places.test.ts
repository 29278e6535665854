import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnTypes } from './column-types.ts'
import { offsetIn, offsetInQuery } from './places.ts'

const sql = "select '😀é' as a,\n  nope"
const at = sql.indexOf('nope')

test('a place in characters, bytes or as line and column is the same offset', () => {
  assert.equal(offsetIn(sql, { character: at - 1 }), at)
  assert.equal(offsetIn(sql, { byte: at + 3 }), at)
  assert.equal(offsetIn(sql, { line: 2, column: 3 }), at)
  assert.equal(offsetIn("'😀' nope", { line: 1, column: 5 }), 5)
  assert.equal(offsetIn(sql, { line: 9, column: 1 }), sql.length + 1)
})

test('a place in the text around the query is no place in the query', () => {
  const wrapped = { text: `SELECT "é" FROM (\n${sql}\n) AS tailrace_query`, offset: 18 }
  assert.equal(offsetInQuery(wrapped, sql, { line: 3, column: 3 }), at)
  assert.equal(offsetInQuery(wrapped, sql, { character: 7 }), undefined)
  assert.equal(offsetInQuery(wrapped, sql, { line: 4, column: 1 }), undefined)
})

test('the type of a column is found by its name, whatever its size, elements or case', () => {
  const typeNamed = columnTypes({ decimal: ['NUMERIC', 'decimal'], timestamp: ['timestamp'], json: ['STRUCT'] })
  assert.equal(typeNamed('numeric(38, 9)'), 'decimal')
  assert.equal(typeNamed('Decimal'), 'decimal')
  assert.equal(typeNamed('timestamp(3) with time zone'), 'timestamp')
  assert.equal(typeNamed('STRUCT<a ARRAY<INT64>, b STRING>'), 'json')
  assert.equal(typeNamed('decimal(10,2)[]'), 'array')
  assert.equal(typeNamed('geography'), 'other')
})
