import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MappedField, ValueFrom } from '../model/mapping.ts'
import { mappingChange, mappingWords } from './mapping-words.ts'

const mapped = (field: string, from: ValueFrom, more: Partial<MappedField> = {}): MappedField => ({
  field,
  from,
  clean: [],
  onNull: 'skip',
  onlyIfEmpty: false,
  ...more,
})

test('a mapping is told Field by Field, with all that is done to a value on its way', () => {
  assert.deepEqual(
    mappingWords([
      mapped('plan', { column: 'plan' }),
      mapped('source', { constant: 'warehouse' }),
      mapped(
        'name',
        { template: '{{ first }} {{ last }}' },
        { clean: ['trim', 'collapse'], as: 'text', onNull: 'clear', onlyIfEmpty: true },
      ),
    ]),
    {
      plan: 'plan',
      source: 'the constant "warehouse"',
      name: '"{{ first }} {{ last }}", trim, collapse, as text, null clears it, only if empty',
    },
  )
})

test('an edit of the mapping is told as what came, went and goes from elsewhere; none where all is as it was', () => {
  const was = mappingWords([
    mapped('phone', { column: 'phone' }),
    mapped('name', { column: 'first_name' }),
    mapped('email', { column: 'email' }),
  ])
  const is = mappingWords([
    mapped('email', { column: 'email' }),
    mapped('name', { column: 'full_name' }, { clean: ['trim'] }),
    mapped('custom_attributes.plan', { column: 'plan' }),
  ])
  assert.equal(mappingChange(was, is), '+ custom_attributes.plan, − phone, ~ name (first_name → full_name, trim)')
  assert.equal(mappingChange(was, { ...was }), undefined)
})
