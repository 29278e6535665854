import assert from 'node:assert/strict'
import { test } from 'node:test'
import { retiredNames } from './retired-names.ts'

test('a retired word is found in names of all kinds and in SQL, and left alone in comments, messages and longer words', () => {
  const found = (text: string, file = 'src/a.ts') => retiredNames(file, text).map(({ name }) => name)
  assert.deepEqual(
    found('const thing = 1; interface A { readonly isOurs: boolean } function findThings(twin: A): void {}'),
    ['thing', 'isOurs', 'findThings', 'twin'],
  )
  assert.deepEqual(found('const sql = (t: string) => `select n.ours, ${t} from snapshot n where n.doubt_from > 0`'), [
    'ours',
    'doubt_from',
  ])
  assert.deepEqual(
    found('// that thing of ours\nconst words = "the thing was told"; const fingerprints = something(nothing)'),
    [],
  )
  assert.deepEqual(found("-- ours\nselect 'ours' as managed, prints from snapshot", 'src/a.sql'), ['prints'])
  assert.deepEqual(found('', 'src/find-things.ts'), ['find-things'])
})
