import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertHonest, isDone, range, statuses } from './outcome-honesty.ts'
import { withSession, type TargetSession } from './target-session.ts'
import type { TargetCase, Trouble } from './target-harness.ts'

/** Short injected faults. They must leave no trace: everything is delivered. */
const passing: readonly Trouble[] = [
  { kind: 'too-many', count: 2 },
  { kind: 'unavailable', count: 2 },
  { kind: 'html', count: 2 },
  { kind: 'html-after', count: 2 },
  { kind: 'lost-before', count: 2 },
  { kind: 'lost-after', count: 2 },
]

/**
 * Injected faults that outlast the client's patience. No false outcome is allowed, and the next delivery must succeed.
 */
const lasting: readonly Trouble[] = [
  { kind: 'unavailable' },
  { kind: 'html-after' },
  { kind: 'lost-before' },
  { kind: 'lost-after' },
]

export function hostileTargetTests(testCase: TargetCase): void {
  const size = Math.min(6, testCase.object.batch.max)

  const begin = async (session: TargetSession) => {
    const [managed = ''] = session.harness.groups
    return {
      managed,
      targetRecords: range(size, (i) => session.harness.existing(i)),
      resolved: await session.resolve([managed]),
    }
  }

  for (const trouble of passing) {
    test(`${trouble.kind} passes by, and all is delivered`, () =>
      withSession(testCase, {}, async (session) => {
        const { managed, targetRecords, resolved } = await begin(session)
        for (const kind of ['attach', 'detach'] as const) {
          session.harness.hurt(trouble)
          const { outcomes, fault } = await session.deliver(resolved, kind, targetRecords)
          assert.equal(fault, undefined)
          assert.ok(statuses(outcomes).every(isDone), JSON.stringify([...outcomes]))
          assertHonest(session.harness, outcomes, targetRecords, managed, kind)
          session.harness.heal()
        }
      }))
  }

  for (const trouble of lasting) {
    test(`${trouble.kind} without end claims nothing, and the next delivery converges`, () =>
      withSession(testCase, { patienceMs: 100 }, async (session) => {
        const { managed, targetRecords, resolved } = await begin(session)
        session.harness.hurt(trouble)
        const { outcomes } = await session.deliver(resolved, 'attach', targetRecords)
        assert.ok(
          statuses(outcomes).every((status) => status === 'on-hold' || status === 'unconfirmed'),
          JSON.stringify([...outcomes]),
        )
        assertHonest(session.harness, outcomes, targetRecords, managed, 'attach')
        session.harness.heal()
        const again = await session.deliver(resolved, 'attach', targetRecords)
        assert.ok(statuses(again.outcomes).every(isDone))
        assertHonest(session.harness, again.outcomes, targetRecords, managed, 'attach')
      }))
  }

  test('a token revoked midway is an auth Fault, and what was delivered is kept', () =>
    withSession(testCase, {}, async (session) => {
      const { managed, targetRecords, resolved } = await begin(session)
      const first = await session.deliver(resolved, 'attach', targetRecords.slice(0, 1))
      assert.deepEqual(statuses(first.outcomes), ['delivered'])
      session.harness.hurt({ kind: 'revoke', nth: 1 })
      const { outcomes, fault } = await session.deliver(resolved, 'attach', targetRecords.slice(1))
      assert.equal(fault?.kind, 'auth')
      assert.ok(
        statuses(outcomes).every((status) => status === 'on-hold'),
        JSON.stringify([...outcomes]),
      )
      assertHonest(session.harness, outcomes, targetRecords.slice(1), managed, 'attach')
    }))

  test('a token revoked amid many calls keeps the outcomes of those before it', () =>
    withSession(testCase, {}, async (session) => {
      const { managed, targetRecords } = await begin(session)
      for (const targetRecord of targetRecords) session.harness.put(targetRecord, managed)
      const [one, other] = await Promise.all(
        session.harness.groups.slice(0, 2).map((group) => session.resolve([group])),
      )
      assert.ok(one !== undefined && other !== undefined)
      session.harness.hurt({ kind: 'revoke', nth: 2 })
      // For some objects one call removes all from a group. Then the next group has the second call.
      const first = await session.deliver(one, 'detach', targetRecords)
      const { fault } = first.fault === undefined ? await session.deliver(other, 'detach', targetRecords) : first
      assert.equal(fault?.kind, 'auth')
      assert.equal(first.outcomes.size, targetRecords.length)
      for (const status of statuses(first.outcomes)) assert.ok(status !== 'rejected')
      assertHonest(session.harness, first.outcomes, targetRecords, managed, 'detach')
    }))

  test('abort stops at once, and claims nothing that is not so', () =>
    withSession(testCase, {}, async (session) => {
      const { managed, targetRecords, resolved } = await begin(session)
      session.harness.hurt({ kind: 'slow' })
      let ended = false
      const delivering = session.deliver(resolved, 'attach', targetRecords).finally(() => {
        ended = true
      })
      while (!session.harness.struck() && !ended) await new Promise((resolve) => setImmediate(resolve))
      session.abort()
      const { outcomes, fault } = await delivering
      assert.equal(fault?.kind, 'cancelled')
      assert.ok(!statuses(outcomes).some(isDone))
      assertHonest(session.harness, outcomes, targetRecords, managed, 'attach')
    }))
}
