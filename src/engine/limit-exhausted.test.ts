import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { exitCode } from '../model/run.ts'
import { quietPorts } from '../testing/harness/intercom-activation.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { quotaActivation, quotaName, startQuotaTarget, type QuotaOptions } from '../testing/simulated/quota-target.ts'
import type { RunReport } from './run-report.ts'
import { runActivation } from './run.ts'

const database = await testDatabase()
after(() => database.close())
const hourMs = 3_600_000
const keys = Array.from({ length: 60 }, (_, index) => `k${index}`)

async function harness(t: TestContext, options: QuotaOptions) {
  const target = await startQuotaTarget(t, keys, options)
  const activation = quotaActivation(t.name, target, keys)
  return { target, run: () => runActivation(activation, quietPorts(database.pool)) }
}

/** Every Record is delivered or on hold, and what was delivered is in the Target, once. */
function assertNothingLost(
  { counts }: RunReport,
  applied: readonly string[],
  tagged: ReadonlyMap<string, unknown>,
): void {
  assert.equal(counts.delivered + counts.onHold, counts.planned)
  assert.deepEqual([counts.rejected, counts.unconfirmed], [0, 0])
  assert.deepEqual([new Set(applied).size, tagged.size], [applied.length, applied.length])
}

function assertDeferred({ status, fault }: RunReport, returnsAt: number): void {
  assert.deepEqual(
    [status, exitCode(status), fault?.kind, fault?.code],
    ['deferred', 1, 'transient', 'limit-exhausted'],
  )
  assert.ok(Math.abs((fault?.returnsAt ?? 0) - returnsAt) < 5_000, `${fault?.returnsAt} is not ${returnsAt}`)
  const named = new RegExp(
    `limit "${quotaName}" is used up and returns at ${new Date(returnsAt).toISOString().slice(0, 13)}`,
  )
  assert.match(fault?.message ?? '', named)
}

test('a quota runs out during a Run: it ends deferred, the rest is on hold, and the Run after the reset finishes', async (t) => {
  const returnsAt = Date.now() + 2 * hourMs
  const { target, run } = await harness(t, { left: 25, returnsAt, reports: false })
  const first = await run()
  assertDeferred(first, returnsAt)
  assertNothingLost(first, target.applied, target.tagged)
  assert.deepEqual([first.counts.delivered, first.counts.onHold], [24, 36])
  assert.ok(target.rejected <= 4, `${target.rejected} calls were made after the first that was rejected`)

  // Still used up: one call finds out, nothing else is tried.
  const rejected = target.rejected
  const early = await run()
  assertDeferred(early, returnsAt)
  assert.deepEqual([early.counts.delivered, target.rejected], [0, rejected + 1])

  target.left = 1_000
  const next = await run()
  assert.deepEqual([next.status, next.counts.delivered], ['completed', 36], next.fault?.message)
  assert.deepEqual([target.applied.length, target.tagged.size], [60, 60])
})

test('a quota that every answer reports ends the Run before the Target refuses a call, for all Runs of the account', async (t) => {
  const returnsAt = Date.now() + 2 * hourMs
  const { target, run } = await harness(t, { left: 25, returnsAt, reports: true })
  const first = await run()
  assertDeferred(first, returnsAt)
  assertNothingLost(first, target.applied, target.tagged)
  assert.deepEqual([first.counts.delivered, first.counts.onHold, target.rejected], [24, 36, 0])
  const early = await run()
  assertDeferred(early, returnsAt)
  assert.deepEqual([target.applied.length, target.rejected], [24, 0])
})

for (const reports of [true, false]) {
  test(`a quota that returns within a minute is waited for, ${reports ? 'reported' : 'not reported'}`, async (t) => {
    const returnsAt = Date.now() + 3_000
    const { target, run } = await harness(t, { left: 25, returnsAt, reports })
    target.renewsTo = 1_000
    const report = await run()
    assert.deepEqual([report.status, report.counts.delivered], ['completed', 60], report.fault?.message)
    assert.deepEqual([target.applied.length, target.tagged.size], [60, 60])
    assert.ok(Date.now() >= returnsAt)
  })
}
