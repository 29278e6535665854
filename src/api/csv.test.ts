import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvLine } from './csv.ts'

test('cells are quoted where they must be', () => {
  assert.equal(csvLine(['a', 1, null, 'b,c', 'say "hi"', 'two\nlines']), 'a,1,,"b,c","say ""hi""","two\nlines"\n')
})

test('no cell is a formula where a spreadsheet opens it; numbers stay as they are', () => {
  const cells = [
    "=cmd|' /C calc'!A0",
    '+SUM(A1)',
    '-2+3+cmd',
    '@SUM(1)',
    '\t=1',
    '\r=1',
    '-12.5',
    '+49 (170) 123-45',
    '-',
    'a=b',
    'ada@example.com',
  ]
  assert.equal(
    csvLine(cells),
    "'=cmd|' /C calc'!A0,'+SUM(A1),'-2+3+cmd,'@SUM(1),'\t=1,\"'\r=1\",-12.5,+49 (170) 123-45,-,a=b,ada@example.com\n",
  )
})
