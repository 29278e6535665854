import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Fault, type OperationKind } from '../../connect/index.ts'
import { isDone, range, statuses } from '../target-kit/outcome-honesty.ts'
import { askFor, assertTrue, converge, isCreation, undone } from './record-honesty.ts'
import { withRecords, type Asked, type RecordSession } from './record-session.ts'
import type { RecordCase, RecordTrouble } from './record-harness.ts'

/**
 * Short injected faults. An outcome may be unconfirmed or on hold for a while; a lookup and a second delivery settle
 * it.
 */
const passing: readonly RecordTrouble['kind'][] = [
  'too-many',
  'unavailable',
  'html',
  'html-after',
  'lost-before',
  'lost-after',
  'empty',
  'empty-after',
]

/** Injected faults that outlast the client's patience. No false outcome is allowed. */
const lasting: readonly RecordTrouble['kind'][] = [
  'unavailable',
  'html',
  'html-after',
  'lost-before',
  'lost-after',
  'empty',
  'empty-after',
]

/** Injected faults that leave a read without an answer. A read must then never report a target record as missing. */
const mute: readonly RecordTrouble['kind'][] = ['unavailable', 'html', 'lost-before', 'lost-after', 'empty']

export function hostileRecordTests(testCase: RecordCase): void {
  const { operations } = testCase.object
  const size = Math.min(6, testCase.object.batch.max)
  const begin = async (session: RecordSession, kind: OperationKind): Promise<readonly Asked[]> => {
    await session.ready()
    return range(size, (i) => askFor(testCase, session, kind, i))
  }

  for (const kind of passing) {
    test(`${kind} passes by: nothing is claimed that is not so, and all is done in the end, once`, () =>
      withRecords(testCase, {}, async (session) => {
        for (const operation of operations) {
          const asked = await begin(session, operation)
          session.harness.hurt({ kind, count: 2, writesOnly: true })
          const { outcomes, fault } = await session.deliver(asked)
          assert.ok(session.harness.struck(), `${operation} was spared`)
          session.harness.heal()
          assert.equal(fault, undefined)
          for (const status of statuses(outcomes))
            assert.ok(isDone(status) || status === 'unconfirmed' || status === 'on-hold', inspect(outcomes))
          assert.ok(undone(outcomes).length <= 2, 'trouble of two is trouble of two')
          if (kind === 'too-many') assert.deepEqual(undone(outcomes), [], 'what was not let in can be asked again')
          assertTrue(testCase, session.harness, asked, outcomes)
          await converge(testCase, session, asked, outcomes)
        }
      }))
  }

  for (const kind of lasting) {
    test(`${kind} without end claims nothing, and the next delivery converges`, () =>
      withRecords(testCase, { patienceMs: 25 }, async (session) => {
        for (const operation of operations) {
          const asked = await begin(session, operation)
          session.harness.hurt({ kind, writesOnly: true })
          const { outcomes } = await session.deliver(asked)
          session.harness.heal()
          assert.equal(outcomes.size, asked.length)
          for (const status of statuses(outcomes))
            assert.ok(status === 'on-hold' || status === 'unconfirmed', inspect({ operation, outcomes }))
          assertTrue(testCase, session.harness, asked, outcomes)
          await converge(testCase, session, asked, outcomes)
        }
      }))
  }

  for (const operation of operations.filter(isCreation)) {
    test(`${operation}: what was made unheard is not made again, though the index does not show it, unless that is said`, () =>
      withRecords(testCase, { patienceMs: 25 }, async (session) => {
        session.harness.index?.stall()
        const asked = (await begin(session, operation)).filter(
          (each) => testCase.object.createsTwice?.({ key: '', group: '', ...each }) !== true,
        )
        session.harness.hurt({ kind: 'lost-after', writesOnly: true })
        await session.deliver(asked)
        session.harness.heal()
        const { outcomes } = await session.deliver(asked)
        for (const each of asked) assert.equal(session.harness.named(each.identity.value).length, 1)
        if (operation === 'upsert') assert.deepEqual(undone(outcomes), [])
      }))
  }

  for (const operation of operations) {
    for (const nth of [1, 3]) {
      test(`${operation}: a token revoked at call ${nth} is an auth Fault, and what was answered is kept`, () =>
        withRecords(testCase, {}, async (session) => {
          const asked = await begin(session, operation)
          session.harness.hurt({ kind: 'revoke', nth })
          const { outcomes, fault } = await session.deliver(asked)
          assert.equal(fault?.kind, 'auth')
          assert.equal(outcomes.size, asked.length)
          assert.ok(!statuses(outcomes).includes('rejected'), inspect(outcomes))
          assertTrue(testCase, session.harness, asked, outcomes)
        }))
    }

    test(`${operation}: abort stops at once, and claims nothing that is not so`, () =>
      withRecords(testCase, {}, async (session) => {
        const asked = await begin(session, operation)
        session.harness.hurt({ kind: 'slow' })
        let ended = false
        const delivering = session.deliver(asked).finally(() => {
          ended = true
        })
        while (!session.harness.struck() && !ended) await new Promise((resolve) => setImmediate(resolve))
        session.abort()
        const { outcomes, fault } = await delivering
        assert.equal(fault?.kind, 'cancelled')
        assert.ok(!statuses(outcomes).some(isDone))
        assertTrue(testCase, session.harness, asked, outcomes)
      }))
  }

  for (const right of testCase.rights) {
    test(`without "${right}" nothing is called missing or refused: it is an auth Fault`, () =>
      withRecords(testCase, {}, async (session) => {
        const asked = await Promise.all(operations.map((operation) => begin(session, operation)))
        const readings = await readingsOf(testCase, session)
        session.harness.withhold(right)
        let faults = 0
        for (const each of asked) {
          const { outcomes, fault } = await session.deliver(each)
          assert.ok(fault === undefined || fault.kind === 'auth', fault?.message)
          if (fault !== undefined) faults += 1
          assert.ok(!statuses(outcomes).includes('rejected'), inspect(outcomes))
          assertTrue(testCase, session.harness, each, outcomes)
        }
        for (const reading of readings) {
          const seen = await Array.fromAsync(reading).catch((error: unknown) => error)
          if (!Array.isArray(seen)) assert.ok(Fault.is(seen) && seen.kind === 'auth', inspect(seen))
          else assert.ok(seen.length === 1 && seen[0].groups !== null, inspect(seen))
          if (!Array.isArray(seen)) faults += 1
        }
        assert.ok(faults > 0, 'the right is not needed for anything')
      }))
  }

  for (const kind of mute) {
    test(`${kind}: neither observe nor find calls anything missing`, () =>
      withRecords(testCase, { patienceMs: 25 }, async (session) => {
        for (const reading of await readingsOf(testCase, session)) {
          session.harness.hurt({ kind })
          await assert.rejects(Array.fromAsync(reading), (error) => Fault.is(error))
          session.harness.heal()
        }
      }))
  }
}

/** A read and a lookup, both not yet started, of one target record that exists. */
async function readingsOf(
  { object, identifier, name }: RecordCase,
  session: RecordSession,
): Promise<readonly AsyncIterable<object & { groups?: unknown }>[]> {
  const value = session.harness.make(name('there'))
  const ready = await session.ready()
  return [
    object.read(session.io, ready, [{ field: 'id', value }]),
    ...(object.find === undefined ? [] : [object.find.find(session.io, ready, identifier, [name('there')])]),
  ]
}
