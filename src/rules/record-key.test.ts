import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { identityInKey, keyOfIdentity } from './record-key.ts'

const fieldSets = [['id'], ['external_id', 'email'], ['email', 'external_id', 'id'], ['a', 'a:b'], ['a:b', 'a', 'b']]
const odd = fc.constantFrom('email:a@b', 'external_id:email:a@b', 'a:b:c', 'a%3Ab:c', ':', '', 'email:', 'id:email:x')

test('no two identities share a Key, and a Key says which identity it stands for', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...fieldSets),
      fc.array(fc.tuple(fc.nat(2), fc.oneof(odd, fc.string())), { minLength: 2, maxLength: 12 }),
      (fields, picks) => {
        const identities = picks.map(([at, value]) => ({ field: fields[at % fields.length] ?? '', value }))
        const keys = new Map<string, string>()
        for (const identity of identities) {
          const key = keyOfIdentity(fields, identity)
          assert.deepEqual(identityInKey(fields, key), identity)
          const other = keys.get(key)
          assert.ok(
            other === undefined || other === JSON.stringify(identity),
            `${other} and ${JSON.stringify(identity)} share ${key}`,
          )
          keys.set(key, JSON.stringify(identity))
        }
      },
    ),
  )
})

test('the first identifier is its own Key, another one says its field', () => {
  assert.equal(keyOfIdentity(['external_id', 'email'], { field: 'external_id', value: 'c-1' }), 'c-1')
  assert.equal(keyOfIdentity(['external_id', 'email'], { field: 'email', value: 'a@b' }), 'email:a@b')
  assert.equal(
    keyOfIdentity(['external_id', 'email'], { field: 'external_id', value: 'email:a@b' }),
    'external_id:email:a@b',
  )
  assert.equal(keyOfIdentity(['external_id'], { field: 'external_id', value: 'email:a@b' }), 'email:a@b')
})
