import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { createRunHub } from '../engine/jobs/run-hub.ts'
import type { RunJob } from '../engine/jobs/run-jobs.ts'
import { isEnded } from '../model/run.ts'
import type { Schedule } from '../rules/schedule.ts'
import { openJobQueue } from '../store/queue/job-queue.ts'
import { quietPorts } from '../testing/harness/intercom-activation.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { quotaActivation, startQuotaTarget } from '../testing/simulated/quota-target.ts'
import { createScheduler } from './scheduler.ts'
import { createWorker } from './worker.ts'

const hourMs = 3_600_000

async function server(t: TestContext, schedule: Schedule | null) {
  const keys = Array.from({ length: 30 }, (_, index) => `k${index}`)
  const target = await startQuotaTarget(t, keys, { left: 11, returnsAt: Date.now() + 2 * hourMs, reports: false })
  const database = await testDatabase()
  const { pool, url } = database
  // The worker's clock is two hours late, so by its clock the quota returns now.
  const now = (): number => Date.now() - 2 * hourMs + 1_000
  const queue = await openJobQueue<RunJob>({
    url,
    pool,
    schema: 'tailrace',
    applicationName: 'tailrace test',
    onTrouble: (error) => assert.fail(String(error)),
  })
  const activation = quotaActivation('quota', target, keys)
  const scheduler = createScheduler({
    queue,
    database: pool,
    now,
    random: () => 0,
    list: () => Promise.resolve([{ name: 'quota', schedule, paused: false, savedAt: new Date(now()) }]),
  })
  const ends: string[] = []
  let onEnd = (): void => undefined
  const hub = createRunHub(now)
  const worker = createWorker({
    queue,
    scheduler,
    hub: {
      progress(progress) {
        hub.progress(progress)
        if (!isEnded(progress.status)) return
        ends.push(progress.status)
        // The quota returns after the first Run.
        target.left = 1_000
        onEnd()
      },
    },
    ports: { ...quietPorts(pool), now },
    load: () => Promise.resolve(activation),
  })
  t.after(async () => {
    await worker.stop(2_000)
    await database.close()
  })
  const ended = (count: number): Promise<void> =>
    new Promise((resolve) => {
      onEnd = () => void (ends.length >= count && resolve())
      onEnd()
    })
  return { worker, target, ends, ended }
}

for (const [name, schedule] of [
  ['an Activation without a schedule', null],
  ['a scheduled Activation', { every: 24 * hourMs }],
] as const)
  test(`a server starts ${name} again when the limit of its Target returns, and then it finishes`, async (t) => {
    const { worker, target, ends, ended } = await server(t, schedule)
    await worker.work(1)
    await worker.start({ kind: 'run', activation: 'quota', allow: [] })
    await ended(2)
    assert.deepEqual(ends, ['deferred', 'completed'])
    assert.deepEqual([target.applied.length, target.tagged.size], [30, 30])
  })
