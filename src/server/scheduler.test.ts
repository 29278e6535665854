import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Schedule } from '../rules/schedule.ts'
import { ensureActivation } from '../store/project/activations.ts'
import { openJobQueue, readStartTimes } from '../store/queue/job-queue.ts'
import { plainNouns } from '../model/noun.ts'
import { startRun } from '../store/runs/runs.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { scheduledKey, type RunJob } from '../engine/jobs/run-jobs.ts'
import { createScheduler, type ScheduledActivation } from './scheduler.ts'

const minute = 60_000
const hour = 60 * minute
const now = Date.parse('2026-03-04T05:30:00Z')
const hourly: Schedule = { every: hour }
const daily: Schedule = { cron: '0 6 * * *', timezone: 'Europe/Berlin' }

test('each Activation with a schedule has one Run waiting; times that were missed are made up for once', async (t) => {
  const { scheduler, saved, times, ran } = await bench(t)
  saved.push(
    of('hourly', hourly),
    of('daily', daily),
    of('resting', hourly, { paused: true }),
    of('told', null),
    of('missed', hourly),
  )
  await ran('hourly', now - 20 * minute)
  await ran('missed', now - 5 * hour)
  await scheduler.reconcile()
  await scheduler.reconcile()
  assert.deepEqual(await times(), { hourly: now + 40 * minute, daily: Date.parse('2026-03-05T05:00:00Z'), missed: now })
})

test('another schedule, a pause and a deletion take effect at once, and what is not meant stays', async (t) => {
  const { scheduler, saved, times, ran } = await bench(t)
  saved.push(of('changed', hourly), of('paused', hourly), of('deleted', hourly), of('other', hourly))
  for (const name of ['changed', 'paused', 'deleted', 'other']) await ran(name, now)
  await scheduler.reconcile()
  saved.splice(0, 3, of('changed', { every: 2 * hour }), of('paused', hourly, { paused: true }))
  await scheduler.changed(['changed', 'paused', 'deleted'])
  assert.deepEqual(await times(), { changed: now + 2 * hour, other: now + hour })
  saved.splice(1, 1, of('paused', hourly))
  await scheduler.changed(['paused'])
  assert.deepEqual(await times(), { changed: now + 2 * hour, other: now + hour, paused: now + hour })
})

test('what waits for a time that its schedule never names, as by a clock that was ahead, is given its right time', async (t) => {
  const { queue, scheduler, saved, times, ran } = await bench(t)
  saved.push(of('hourly', hourly), of('daily', daily), of('down', hourly))
  await ran('hourly', now + 9999 * hour)
  for (const { name, schedule } of saved) {
    await queue.send({
      key: scheduledKey(name),
      priority: 0,
      at: new Date(now + (name === 'down' ? 1 : 9999) * hour),
      data: { kind: 'run', activation: name, allow: [], scheduled: { by: JSON.stringify(schedule), deferrals: 3 } },
    })
  }
  await scheduler.reconcile()
  assert.deepEqual(await times(), { hourly: now + hour, daily: Date.parse('2026-03-05T05:00:00Z'), down: now + hour })
})

test('what was deferred comes again sooner, ever more rarely, and never later than its schedule says', async (t) => {
  const { scheduler, saved, times } = await bench(t)
  saved.push(of('down', hourly))
  const waits: (number | undefined)[] = []
  for (const deferrals of [0, 1, 2, 3, 9]) {
    await scheduler.ended('down', { began: now, deferrals })
    waits.push(((await times())['down'] ?? 0) - now)
  }
  // Half of each wait is random. Here the random part is 0.
  assert.deepEqual(
    waits,
    [0.5, 1, 2, 4, 15].map((minutes) => minutes * minute),
  )
  await scheduler.ended('down', { began: now - 55 * minute, deferrals: 9 })
  assert.deepEqual(await times(), { down: now + 5 * minute })
  await scheduler.ended('down', { began: now, deferrals: undefined })
  assert.deepEqual(await times(), { down: now + hour })
})

test('what waits for a limit of the Target comes again when the limit returns, before or after its schedule says', async (t) => {
  const { scheduler, saved, times } = await bench(t)
  saved.push(of('down', hourly), of('paused', hourly, { paused: true }))
  for (const returnsAt of [now + 10 * minute, now + 5 * hour]) {
    for (const { name } of saved)
      await scheduler.ended(name, { began: now, deferrals: 0, limit: { returnsAt, job: undefined } })
    assert.deepEqual(await times(), { down: returnsAt })
    await scheduler.reconcile()
    assert.deepEqual(await times(), { down: returnsAt })
  }
  await scheduler.ended('down', { began: now, deferrals: undefined })
  assert.deepEqual(await times(), { down: now + hour })
})

test('of each key one job waits, the higher priority goes first, and a handler that throws gets its job again', async (t) => {
  const { queue } = await bench(t)
  const job = (activation: string, priority: number) => ({
    key: `run:${activation}`,
    priority,
    data: { kind: 'run', activation, allow: [] } as const,
  })
  assert.notEqual(await queue.send(job('scheduled', 0)), null)
  assert.notEqual(await queue.send(job('by hand', 10)), null)
  assert.equal(await queue.send(job('by hand', 10)), null)
  const done: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  await queue.work(1, ({ data: { activation } }) => {
    done.push(activation)
    if (done.length === 3) resolve()
    return done.length === 1 ? Promise.reject(new Error('the first attempt breaks down')) : Promise.resolve()
  })
  await promise
  assert.deepEqual([done[0], done.toSorted()], ['by hand', ['by hand', 'by hand', 'scheduled']])
})

function of(name: string, schedule: Schedule | null, { paused = false } = {}): ScheduledActivation {
  return { name, schedule, paused, savedAt: new Date(now) }
}

async function bench(t: TestContext) {
  const database = await testDatabase()
  const { pool, url } = database
  const queue = await openJobQueue<RunJob>({
    url,
    pool,
    schema: 'tailrace',
    applicationName: 'tailrace test',
    onTrouble: (error) => assert.fail(String(error)),
  })
  t.after(async () => {
    await queue.stop(1000)
    await database.close()
  })
  const saved: ScheduledActivation[] = []
  const scheduler = createScheduler({
    queue,
    database: pool,
    now: () => now,
    random: () => 0,
    list: (names) => Promise.resolve(saved.filter(({ name }) => names?.includes(name) ?? true)),
  })
  return {
    queue,
    scheduler,
    saved,
    async ran(name: string, at: number) {
      const { id } = await ensureActivation(pool, name)
      const run = await startRun(pool, {
        activationId: id,
        worker: 'test',
        behavior: 'attach',
        object: 'contact_tag',
        identifier: 'id',
        nouns: plainNouns,
      })
      await pool.query('update run set started_at = $2, finished_at = $2 where id = $1', [run, new Date(at)])
    },
    async times() {
      const names = ['hourly', 'daily', 'resting', 'told', 'missed', 'changed', 'paused', 'deleted', 'other', 'down']
      const starts = await readStartTimes(pool, 'tailrace', names.map(scheduledKey))
      return Object.fromEntries(
        names.flatMap((name) => {
          const at = starts.get(scheduledKey(name))
          return at === undefined ? [] : [[name, at.getTime()]]
        }),
      )
    },
  }
}
