import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  carriedOver,
  driftedFields,
  hadValue,
  keptOtherwise,
  fingerprintsOf,
  wasAsked,
  wasTried,
  withTried,
} from './fingerprints.ts'

const value = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null))
const fields = fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), value, { maxKeys: 8 })

test('prints know each value again, and tell every other one', () => {
  fc.assert(
    fc.property(fields, value, (written, other) => {
      const fingerprints = fingerprintsOf(written)
      for (const [field, held] of Object.entries(written)) {
        assert.equal(hadValue(fingerprints, field, held), true)
        assert.equal(hadValue(fingerprints, field, other), JSON.stringify(other) === JSON.stringify(held))
      }
      assert.equal(hadValue(fingerprints, 'a field that is in none of them', other), undefined)
      assert.deepEqual(driftedFields(fingerprints, written), [])
    }),
  )
})

test('what the Target keeps in another form: both what it keeps and what was asked are known again', () => {
  const fingerprints = keptOtherwise(fingerprintsOf({ phone: '+1 (555) 0100', name: 'Jane' }), {
    phone: '+15550100',
    email: 'of no Field that is printed',
  })
  assert.deepEqual(driftedFields(fingerprints, { phone: '+15550100', name: 'Jane', email: 'other' }), [])
  assert.deepEqual(driftedFields(fingerprints, { phone: '+1 (555) 0100', name: 'Joan' }), ['phone', 'name'])
  assert.deepEqual(
    ['+1 (555) 0100', '+15550100'].map((phone) => wasAsked(fingerprints, 'phone', phone)),
    [true, false],
  )
  assert.deepEqual(
    [
      wasAsked(fingerprints, 'name', 'Jane'),
      wasAsked(fingerprints, 'name', 'Joan'),
      wasAsked(fingerprints, 'email', 'other'),
    ],
    [true, false, undefined],
  )

  const next = carriedOver(fingerprintsOf({ phone: '+1 (555) 0100', name: 'Joan' }), fingerprints, ['phone'])
  assert.deepEqual(driftedFields(next, { phone: '+15550100', name: 'Joan' }), [])
  assert.deepEqual([wasAsked(next, 'phone', '+1 (555) 0100'), wasAsked(next, 'name', 'Joan')], [true, true])
  assert.equal(carriedOver(fingerprints, fingerprints, ['phone', 'name']).length, fingerprints.length)
})

test('after a write without an answer, the settled values stay known, and so does what the write tried to set', () => {
  fc.assert(
    fc.property(fields, fields, value, (settled, asked, other) => {
      const fingerprints = withTried(fingerprintsOf(settled), fingerprintsOf(asked))
      for (const [field, held] of Object.entries(settled))
        assert.deepEqual([hadValue(fingerprints, field, held), wasAsked(fingerprints, field, held)], [true, true])
      assert.deepEqual(driftedFields(fingerprints, settled), [])
      for (const [field, tried] of Object.entries(asked)) {
        const isNew = !(field in settled) || JSON.stringify(settled[field]) !== JSON.stringify(tried)
        assert.equal(wasTried(fingerprints, field, tried), isNew)
        assert.equal(wasTried(fingerprints, field, other), isNew && JSON.stringify(other) === JSON.stringify(tried))
      }
      assert.equal(withTried(fingerprints, fingerprintsOf(asked)), fingerprints)
    }),
  )
})

test('empty in any form is empty', () => {
  assert.deepEqual(driftedFields(fingerprintsOf({ email: '', name: null }), { email: null, name: '' }), [])
  assert.deepEqual(driftedFields(fingerprintsOf({ email: '' }), { email: 'a@b.test' }), ['email'])
})
