import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noneVerified } from '../model/observed.ts'
import { isByUs } from './authorship.ts'
import { fingerprintsOf } from './fingerprints.ts'
import { expectationOf, expectationOfValues, expectationOfWrite, judgeReading, looksRight, tallied } from './verify.ts'

const identity = { field: 'id', value: 'k' }
const on = { key: 'k', group: 'a', is: 'on' } as const
const off = { key: 'k', group: 'a', is: 'off' } as const
const either = { key: 'k', group: 'a', is: 'either' } as const
const gone = { key: 'k', is: 'gone' } as const

test('what is expected of a link follows from the behavior', () => {
  assert.deepEqual(expectationOf({ key: 'k', group: 'a' }, false), on)
  assert.deepEqual(expectationOf({ key: 'k', group: 'a' }, true), off)
})

test('what is expected of a whole record follows from the behavior and its last fingerprints', () => {
  const fingerprints = fingerprintsOf({ plan: 'x' })
  assert.deepEqual(expectationOfValues({ key: 'k', fingerprints }, false), { key: 'k', is: 'as written', fingerprints })
  assert.deepEqual(expectationOfValues({ key: 'k', fingerprints }, true), gone)
  assert.deepEqual(expectationOfValues({ key: 'k', fingerprints: null }, true), gone)
  assert.equal(expectationOfValues({ key: 'k', fingerprints: null }, false), undefined)
  assert.deepEqual(expectationOfWrite({ key: 'k', fields: { plan: 'x' } }), {
    key: 'k',
    is: 'as written',
    fingerprints,
  })
})

test('an index confirms a link only if it shows the Record as expected', () => {
  assert.equal(looksRight(on, new Set(['a', 'z'])), true)
  assert.equal(looksRight(on, new Set(['z'])), false)
  assert.equal(looksRight(on, undefined), false)
  assert.equal(looksRight(off, undefined), false)
  assert.equal(looksRight(off, new Set(['z'])), true)
  assert.equal(looksRight(off, new Set(['a'])), false)
  assert.equal(looksRight(either, new Set(['a'])), false)
  assert.equal(looksRight(gone, new Set(['a'])), false)
})

test('a direct read tells what happened to a link; only a Record that could not be read is pending', () => {
  const holding = (...ids: string[]) => ({ identity, groups: ids.map((id) => ({ id })) })
  const absent = { identity, groups: null }
  const missing = (what: string) => ({ verdict: 'missing', what, fields: [] })
  const confirmed = { verdict: 'confirmed', fields: [] }
  assert.deepEqual(judgeReading(on, holding('b')), missing('taken off'))
  assert.deepEqual(judgeReading(on, absent), missing('gone'))
  assert.deepEqual(judgeReading(on, holding('a', 'b')), confirmed)
  assert.deepEqual(judgeReading(off, holding('a', 'z')), missing('put back'))
  assert.deepEqual(judgeReading(off, holding('z')), confirmed)
  assert.deepEqual(judgeReading(off, absent), confirmed)
  for (const seen of [holding('a'), holding(), absent]) assert.deepEqual(judgeReading(either, seen), confirmed)
  for (const expectation of [on, off, either, gone])
    assert.deepEqual(judgeReading(expectation, undefined), { verdict: 'pending', fields: [] })
  const findings = [
    judgeReading(on, undefined),
    judgeReading(on, holding('a', 'b')),
    judgeReading(off, absent),
    judgeReading(off, holding('a')),
  ]
  assert.deepEqual(tallied(noneVerified, findings), { confirmed: 2, pending: 1, missing: 1 })
  assert.deepEqual(tallied({ confirmed: 1, pending: 2, missing: 3 }, findings), {
    confirmed: 3,
    pending: 3,
    missing: 4,
  })
})

test('a direct read tells what happened to a whole record', () => {
  const written = expectationOfWrite({ key: 'k', fields: { plan: 'x', seats: 3 } })
  assert.deepEqual(judgeReading(written, { identity, groups: [], fields: { plan: 'x', seats: 3, city: 'Oslo' } }), {
    verdict: 'confirmed',
    fields: [],
  })
  assert.deepEqual(judgeReading(written, { identity, groups: [], fields: { plan: 'y', seats: 3 } }), {
    verdict: 'missing',
    what: 'changed',
    fields: ['plan'],
  })
  assert.deepEqual(judgeReading(written, { identity, groups: null }), { verdict: 'missing', what: 'gone', fields: [] })
  assert.deepEqual(judgeReading(gone, { identity, groups: null }), { verdict: 'confirmed', fields: [] })
  assert.deepEqual(judgeReading(gone, { identity, groups: [] }), { verdict: 'missing', what: 'put back', fields: [] })
})

test('a link of another author is never ours, even if it was added in the second in which we wrote', () => {
  const wrote = { from: 1_000_000, to: 1_000_000 }
  assert.equal(isByUs({ id: 'a', appliedAt: 1000, appliedBy: '1' }, wrote), true)
  assert.equal(isByUs({ id: 'a', appliedAt: 1000, appliedBy: '2', byAnother: true }, wrote), false)
})
