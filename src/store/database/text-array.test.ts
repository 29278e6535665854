import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { textArray } from './text-array.ts'

test('whatever the texts of a list hold, PostgreSQL reads them as they are', async (t) => {
  const { pool } = await testDatabase(t)
  const odd = fc.constantFrom(
    '',
    'NULL',
    'null',
    ',',
    '"',
    '\\',
    '{',
    '}',
    '{}',
    ' a ',
    'a,b',
    'a"b',
    'a\\,b',
    '\u001f',
    '\n',
    '\t',
    "'",
    'Acme, Inc',
  )
  const texts = fc.array(
    fc.oneof(
      odd,
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    ),
    { maxLength: 6 },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(texts, { maxLength: 5 }), async (lists) => {
      const { rows } = await pool.query<{ list: string[] }>(
        'select o.list::text[] as list from unnest($1::text[]) with ordinality as o (list, n) order by n',
        [lists.map(textArray)],
      )
      assert.deepEqual(
        rows.map(({ list }) => list),
        lists,
      )
    }),
    { numRuns: 100 },
  )
})
