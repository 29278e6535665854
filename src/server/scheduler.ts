import type { Pool } from 'pg'
import { nextRunAt } from '../rules/next-run.ts'
import type { Schedule } from '../rules/schedule.ts'
import { lastStarts } from '../store/queue/last-starts.ts'
import type { NewJob, WaitingJob } from '../store/queue/job-queue.ts'
import { backoffMs, type Backoff } from '../http/limits/backoff.ts'
import { scheduledKey, scheduledPrefix, type RunJob, type RunQueue } from '../engine/jobs/run-jobs.ts'

export interface ScheduledActivation {
  readonly name: string
  /** Null: manual. */
  readonly schedule: Schedule | null
  readonly paused: boolean
  /** Its schedule counts from here, if not from its last Run. */
  readonly savedAt: Date
}

export interface SchedulerOptions {
  readonly queue: RunQueue
  readonly database: Pool
  readonly now: () => number
  readonly random: () => number
  /** The Activations of these names that there are; left out: all. */
  readonly list: (names?: readonly string[]) => Promise<readonly ScheduledActivation[]>
}

export interface Scheduler {
  /**
   * Sees that each Activation with a schedule has one Run waiting for its time, and no other has. What was missed while no server ran
   * is made up for once, at once, however often it was missed.
   */
  reconcile(): Promise<void>
  /** These were saved, paused, resumed or deleted. */
  changed(names: readonly string[]): Promise<void>
  /** A Run ended, or could not begin: when is the next? One that was deferred comes again sooner, ever more rarely. */
  ended(name: string, run: EndedRun): Promise<void>
}

export interface EndedRun {
  /** When the Run, or the attempt at one, began. */
  readonly began: number
  /** Undefined: it was not deferred. Else how many were before it, in a row. */
  readonly deferrals: number | undefined
}

/** Who saves an Activation often starts it by hand in the same breath: that Run goes first, and tells when the next one is. */
const breathMs = 5000
/** So far the clocks of machines that work together may be apart. */
const clocksApartMs = 60_000
/** Each Run may read its whole query anew: where the control database leaves them alone, one after the other comes ever more rarely. */
export const afterTrouble: Backoff = { baseMs: 4000, capMs: 10 * 60_000 }
const again: Backoff = { baseMs: 60_000, capMs: 30 * 60_000 }

export function createScheduler({ queue, database, now, random, list }: SchedulerOptions): Scheduler {
  const job = (name: string, schedule: Schedule, at: number, deferrals = 0): NewJob<RunJob> => ({
    key: scheduledKey(name), priority: 0, at: new Date(at), data: { kind: 'run', activation: name, allow: [], scheduled: { by: JSON.stringify(schedule), deferrals } },
  })

  const settle = async (activations: readonly ScheduledActivation[], waiting: readonly WaitingJob<RunJob>[], earliest: number): Promise<void> => {
    const wanted = new Map(activations.flatMap(({ name, schedule, paused, savedAt }) => schedule === null || paused ? [] : [[scheduledKey(name), { name, schedule, savedAt }]]))
    const isMeant = ({ key, data, at }: WaitingJob<RunJob>): boolean => {
      const schedule = wanted.get(key)?.schedule
      if (schedule === undefined || data.kind !== 'run' || data.scheduled?.by !== JSON.stringify(schedule)) return false
      // It was put off, more often than its schedule names a time.
      if (data.troubles !== undefined && at.getTime() <= now() + afterTrouble.capMs) return true
      // Later than after a Run that began right now it can only be by a clock that was ahead.
      return at.getTime() <= nextRunAt(schedule, { lastStartedAt: now(), savedAt: now(), now: now() }) + clocksApartMs
    }
    const kept = new Set(waiting.filter(isMeant).map(({ key }) => key))
    const stale = waiting.filter(({ key }) => !kept.has(key))
    await queue.remove(stale.map(({ id }) => id))
    const lacking = [...wanted].filter(([key]) => !kept.has(key)).map(([, each]) => each)
    if (lacking.length === 0) return
    const began = await lastStarts(database, lacking.map(({ name }) => name))
    await queue.sendMany(lacking.map(({ name, schedule, savedAt }) =>
      job(name, schedule, Math.max(earliest, nextRunAt(schedule, { lastStartedAt: began.get(name)?.getTime(), savedAt: savedAt.getTime(), now: now() })))))
  }

  return {
    async reconcile() {
      const [activations, waiting] = await Promise.all([list(), queue.waiting(scheduledPrefix)])
      await settle(activations, waiting, now())
    },
    async changed(names) {
      const keys = new Set(names.map(scheduledKey))
      const [activations, waiting] = await Promise.all([list(names), queue.waiting(scheduledPrefix)])
      await settle(activations, waiting.filter(({ key }) => keys.has(key)), now() + breathMs)
    },
    async ended(name, { began, deferrals }) {
      const [activation] = await list([name])
      if (activation === undefined || activation.schedule === null || activation.paused) return
      const regular = nextRunAt(activation.schedule, { lastStartedAt: began, savedAt: activation.savedAt.getTime(), now: now() })
      const at = deferrals === undefined ? regular : Math.min(regular, now() + backoffMs(again, deferrals, random()))
      await queue.replace(job(name, activation.schedule, at, deferrals === undefined ? 0 : deferrals + 1))
    },
  }
}
