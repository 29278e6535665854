import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import pc from 'picocolors'
import { table } from './table.ts'

const { green, dim } = pc.createColors(true)
const plain = (lines: readonly string[]): string[] => lines.map(stripVTControlCharacters)

test('cells stand below each other where the terminal is wide enough, with or without colours', () => {
  assert.deepEqual(
    plain(
      table(
        [{ title: 'run', align: 'right' }, { title: 'status' }],
        [
          ['7', green('completed')],
          ['12', 'failed'],
        ],
        { dim, width: 80 },
      ),
    ),
    ['run  status', '  7  completed', ' 12  failed'],
  )
})

test('a row that is wider than the terminal takes several lines: what it is about first, then the rest', () => {
  const fields = Array.from({ length: 8 }, (_, at) => `field_${at} "${'x'.repeat(12)}"`).join(', ')
  const lines = plain(
    table(
      [{ title: 'record' }, { title: 'what' }, { title: 'why' }],
      [
        ['+ user-1', green(fields), dim('new in the query')],
        ['+ user-2', 'name "Ann"', 'new in the query'],
      ],
      { dim, width: 80 },
    ),
  )
  assert.ok(
    lines.every((line) => line.length <= 80),
    lines.join('\n'),
  )
  assert.equal(lines[0], '+ user-1')
  assert.match(lines.slice(1).join(' '), /field_7 "x+" · new in the query/)
  assert.ok(lines.includes('    name "Ann" · new in the query'))
})

test('figures of such a row keep their titles; head cells stay beside the first', () => {
  const columns = [
    { title: 'run', align: 'right' },
    { title: 'activation', isHead: true },
    { title: 'started' },
    { title: 'read', align: 'right' },
  ] as const
  assert.deepEqual(
    plain(table(columns, [['12', 'premium-customers', '2026-03-04 05:06:07 UTC', '1,200']], { dim, width: 40 })),
    ['run 12  premium-customers', '    2026-03-04 05:06:07 UTC · read 1,200'],
  )
})

test('a column that wraps goes on below itself, unless there is no room for it', () => {
  const columns = [{ title: '' }, { title: '', wraps: true }]
  const row = ['fields', Array.from({ length: 12 }, (_, at) => `f${at} ← c${at}`).join(' · ')]
  const lines = plain(table(columns, [row], { dim, width: 40 }))
  assert.ok(lines.length > 2 && lines.every((line) => line.length <= 40))
  assert.ok(lines.slice(1).every((line) => line.startsWith(' '.repeat(8))))
  assert.equal(plain(table(columns, [row], { dim, width: 20 }))[0], 'fields')
})

test('a word that is longer than a line is kept whole', () => {
  const id = 'x'.repeat(60)
  assert.ok(
    plain(table([{ title: 'a' }, { title: 'b' }], [['1', `see ${id} there`]], { dim, width: 40 })).some((line) =>
      line.includes(id),
    ),
  )
})
