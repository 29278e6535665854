import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noneVerified } from '../model/verified.ts'
import { expectationOf, judgeReading, looksRight, tallied } from './verify.ts'
import { isByUs } from './authorship.ts'

const identity = { field: 'id', value: 'k' }
const on = { key: 'k', on: ['a', 'b'], off: [] }
const off = { key: 'k', on: [], off: ['a'] }

test('what is expected follows from the behaviour, and where rows name their own tags, from what we did', () => {
  const record = { key: 'k', managed: ['a'], took: ['c'] }
  assert.deepEqual(expectationOf(record, false, ['a', 'b']), on)
  assert.deepEqual(expectationOf(record, false, undefined), { key: 'k', on: ['a'], off: [] })
  assert.deepEqual(expectationOf(record, true, undefined), { key: 'k', on: [], off: ['c'] })
  assert.equal(expectationOf({ key: 'k', managed: [], took: [] }, false, undefined), undefined)
})

test('an index confirms; what it does not show is not right', () => {
  assert.equal(looksRight(on, new Set(['a', 'b', 'z'])), true)
  assert.equal(looksRight(on, new Set(['a'])), false)
  assert.equal(looksRight(off, undefined), false)
  assert.equal(looksRight(off, new Set(['z'])), true)
  assert.equal(looksRight(off, new Set(['a'])), false)
})

test('a direct read tells what was done to a record; only one that failed is pending', () => {
  const groups = (...ids: string[]) => ids.map((id) => ({ id }))
  assert.deepEqual(judgeReading(on, { identity, groups: groups('b') }), { verdict: 'missing', what: 'taken off', groups: ['a'] })
  assert.deepEqual(judgeReading(on, { identity, groups: null }), { verdict: 'missing', what: 'gone', groups: ['a', 'b'] })
  assert.deepEqual(judgeReading(off, { identity, groups: groups('a', 'z') }), { verdict: 'missing', what: 'put back', groups: ['a'] })
  const findings = [
    judgeReading(on, undefined), judgeReading(on, { identity, groups: groups('a', 'b') }), judgeReading(off, { identity, groups: null }),
    judgeReading(off, { identity, groups: groups('a') }),
  ]
  assert.deepEqual(tallied(noneVerified, findings), { confirmed: 2, pending: 1, missing: 1 })
})

test('in another name it is never ours, even from the very second in which we wrote', () => {
  const wrote = { from: 1_000_000, to: 1_000_000 }
  assert.equal(isByUs({ id: 'a', appliedAt: 1000, appliedBy: '1' }, wrote), true)
  assert.equal(isByUs({ id: 'a', appliedAt: 1000, appliedBy: '2', byAnother: true }, wrote), false)
})
