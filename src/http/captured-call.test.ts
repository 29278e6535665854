import assert from 'node:assert/strict'
import { test } from 'node:test'
import { excerpt, isCut } from './captured-call.ts'

test('4 kB are kept, and the size of the whole', () => {
  const [fits, over] = [excerpt('a'.repeat(4096)), excerpt('a'.repeat(4097))]
  assert.deepEqual([fits.text.length, fits.size, isCut(fits)], [4096, 4096, false])
  assert.deepEqual([over.text.length, over.size, isCut(over)], [4096, 4097, true])
})

test('a letter of several bytes is never halved', () => {
  assert.deepEqual(excerpt('€'.repeat(4000)), { text: '€'.repeat(1365), size: 12_000 })
})

test('NUL, which the control database cannot hold, is replaced', () => {
  assert.equal(excerpt('a\0b').text, 'a\uFFFDb')
})
