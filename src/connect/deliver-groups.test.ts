import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../model/fault.ts'
import type { Operation } from '../model/operation.ts'
import type { Outcome } from '../model/outcome.ts'
import { forEachOperation, keeping } from './deliver-groups.ts'
import { Interrupted, partialOutcomes } from './interrupted.ts'

const delivered: Outcome = { status: 'delivered' }
const operation = (key: string): Operation => ({ key, kind: 'attach', identity: { field: 'id', value: key }, groups: ['1'] })
const trouble = (mayHaveApplied: boolean): Fault => new Fault('transient', 'down', { code: 'server-error', mayHaveApplied })

test('transient trouble of one record is its Outcome: in doubt only if it may have been applied', async () => {
  const outcomes = await forEachOperation(['a', 'b', 'c'].map(operation), async ({ key }) => {
    if (key !== 'b') throw trouble(key === 'c')
    return delivered
  })
  assert.deepEqual([...outcomes].map(([key, { status }]) => `${key} ${status}`), ['a on-hold', 'b delivered', 'c unconfirmed'])
})

test('another Fault is thrown after all have ended, with every Outcome; one that says something beats cancelled', async () => {
  const ended: string[] = []
  const thrown: unknown = await forEachOperation(['a', 'b', 'c'].map(operation), async ({ key }) => {
    if (key === 'a') throw new Fault('cancelled', 'stopped', { code: 'cancelled', mayHaveApplied: true })
    if (key === 'b') throw new Fault('auth', 'revoked', { code: 'unauthorized', advice: 'renew it', requestId: 'r1' })
    await new Promise((resolve) => setImmediate(resolve))
    ended.push(key)
    return delivered
  }).catch((error: unknown) => error)
  assert.deepEqual(ended, ['c'])
  assert.ok(Fault.is(thrown) && thrown instanceof Interrupted)
  assert.deepEqual([thrown.kind, thrown.code, thrown.advice, thrown.requestId], ['auth', 'unauthorized', 'renew it', 'r1'])
  assert.deepEqual([...partialOutcomes(thrown)].map(([key, { status }]) => `${key} ${status}`), ['a unconfirmed', 'b on-hold', 'c delivered'])
})

test('what is not a Fault is a bug, with the record in doubt', async () => {
  const thrown: unknown = await forEachOperation([operation('a')], () => Promise.reject(new TypeError('x is not a function'))).catch((error: unknown) => error)
  assert.ok(Fault.is(thrown) && thrown.kind === 'bug')
  assert.equal(partialOutcomes(thrown).get('a')?.status, 'unconfirmed')
})

test('what was settled before a step is kept when the step throws', async () => {
  const thrown: unknown = await keeping(new Map([['a', delivered]]), () => Promise.reject(trouble(false))).catch((error: unknown) => error)
  assert.deepEqual([...partialOutcomes(thrown).keys()], ['a'])
  assert.equal(partialOutcomes(new Error('other')).size, 0)
})
