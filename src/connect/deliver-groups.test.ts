import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../model/fault.ts'
import type { Operation } from '../model/operation.ts'
import type { Outcome } from '../model/outcome.ts'
import { forEachOperation, keeping } from './deliver-groups.ts'
import { Interrupted, partialOutcomes } from './interrupted.ts'

const delivered: Outcome = { status: 'delivered' }
const operation = (key: string): Operation => ({
  key,
  kind: 'attach',
  identity: { field: 'id', value: key },
  group: '1',
})
const transient = (mayHaveApplied: boolean): Fault =>
  new Fault('transient', 'down', { code: 'server-error', mayHaveApplied })

test('a transient Fault of one Record is its Outcome: unconfirmed only if it may have been applied', async () => {
  const outcomes = await forEachOperation(['a', 'b', 'c'].map(operation), async ({ key }) => {
    if (key !== 'b') throw transient(key === 'c')
    return delivered
  })
  assert.deepEqual(
    [...outcomes].map(([key, { status }]) => `${key} ${status}`),
    ['a on-hold', 'b delivered', 'c unconfirmed'],
  )
})

test('another Fault is thrown after all have ended, with every Outcome; it takes precedence over cancelled', async () => {
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
  assert.deepEqual(
    [thrown.kind, thrown.code, thrown.advice, thrown.requestId],
    ['auth', 'unauthorized', 'renew it', 'r1'],
  )
  assert.deepEqual(
    [...partialOutcomes(thrown)].map(([key, { status }]) => `${key} ${status}`),
    ['a unconfirmed', 'b on-hold', 'c delivered'],
  )
})

test('an error that is not a Fault is a bug, and its Record is unconfirmed', async () => {
  const thrown: unknown = await forEachOperation([operation('a')], () =>
    Promise.reject(new TypeError('x is not a function')),
  ).catch((error: unknown) => error)
  assert.ok(Fault.is(thrown) && thrown.kind === 'bug')
  assert.equal(partialOutcomes(thrown).get('a')?.status, 'unconfirmed')
})

test('Outcomes settled before a step are kept if the step throws', async () => {
  const thrown: unknown = await keeping(new Map([['a', delivered]]), () => Promise.reject(transient(false))).catch(
    (error: unknown) => error,
  )
  assert.deepEqual([...partialOutcomes(thrown).keys()], ['a'])
  assert.equal(partialOutcomes(new Error('other')).size, 0)
})
