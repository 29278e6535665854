import assert from 'node:assert/strict'
import { test } from 'node:test'
import { machineFault, machineTrouble } from './machine-trouble.ts'

const error = (code: string, more?: ErrorOptions): Error =>
  Object.assign(new Error(`it failed: ${code}`, more), { code })

for (const [codes, fault] of [
  [['EMFILE', 'ENFILE'], 'too-many-files'],
  [['ENOSPC', 'EDQUOT'], 'disk-full'],
  [['ENOMEM', 'ENOBUFS'], 'out-of-memory'],
] as const) {
  for (const code of codes) {
    test(`${code} is named as what it is, wherever in an error it is`, () => {
      const places = [
        error(code),
        new Error('outer', { cause: error(code) }),
        error('ECONNREFUSED', { cause: error(code) }),
        new AggregateError([error(code), error('EPIPE')]),
      ]
      for (const place of places) {
        assert.deepEqual([machineFault(place)?.kind, machineFault(place)?.code], ['transient', fault])
        assert.ok(machineFault(place)?.message.includes(`(${code})`))
        assert.notEqual(machineTrouble(place)?.advice, '')
      }
    })
  }
}

test('other errors are not', () => {
  for (const other of [error('ECONNREFUSED'), new Error('EMFILE'), 'EMFILE', undefined, { code: 'EMFILE' }])
    assert.equal(machineFault(other), undefined)
})
