import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { indentJson } from './indent-json.ts'

test('it is what JSON.stringify would indent, for whatever there is in JSON', () => {
  fc.assert(
    fc.property(fc.oneof(fc.object(), fc.array(fc.jsonValue())), (value) => {
      const written = JSON.stringify(value)
      assert.equal(indentJson(written), JSON.stringify(JSON.parse(written), null, 2))
    }),
  )
})

test('numbers keep all their digits', () => {
  assert.equal(indentJson('{"id":12345678901234567890,"n":1.50}'), '{\n  "id": 12345678901234567890,\n  "n": 1.50\n}')
})

test('what was cut is shown as far as it goes, and what is no JSON stays as it is', () => {
  assert.equal(indentJson('{"a":[1,{"b":"half of'), '{\n  "a": [\n    1,\n    {\n      "b": "half of')
  assert.equal(indentJson('<html>a, b</html>'), '<html>a, b</html>')
})
