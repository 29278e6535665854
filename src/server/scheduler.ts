import type { Pool } from 'pg'
import { nextRunAt, type Schedule } from '../rules/schedule.ts'
import { lastStarts } from '../store/runs/run-pages.ts'
import type { NewJob, WaitingJob } from '../store/queue/job-queue.ts'
import { backoffMs, type Backoff } from '../http/limits/backoff.ts'
import {
  keyOf,
  priorityOf,
  scheduledKey,
  scheduledPrefix,
  type RunJob,
  type RunQueue,
} from '../engine/jobs/run-jobs.ts'

export interface ScheduledActivation {
  readonly name: string
  /** Null: manual. */
  readonly schedule: Schedule | null
  readonly paused: boolean
  /** The schedule counts from this time if there is no earlier Run. */
  readonly savedAt: Date
}

export interface SchedulerOptions {
  readonly queue: RunQueue
  readonly database: Pool
  readonly now: () => number
  readonly random: () => number
  /** The existing Activations with these names; without names, all. */
  readonly list: (names?: readonly string[]) => Promise<readonly ScheduledActivation[]>
}

export interface Scheduler {
  /**
   * Ensures that each Activation with a schedule has exactly one queued Run, and that no other Activation has one. If
   * Runs were missed while no server was running, one Run starts at once, however many were missed.
   */
  reconcile(): Promise<void>
  /** These Activations were saved, paused, resumed or deleted. */
  changed(names: readonly string[]): Promise<void>
  /**
   * A Run ended or could not begin: queues the next one. A deferred Run is retried earlier, with growing waits; if a limit
   * of its Target is used up, when the limit returns.
   */
  ended(name: string, run: EndedRun): Promise<void>
}

export interface EndedRun {
  /** Start of the Run, or of the attempt to begin it. */
  readonly began: number
  /** Undefined: not deferred. Else the number of deferrals in a row before it. */
  readonly deferrals: number | undefined
  /** A limit of the Target is used up: when it returns, and the job to do again then if the Activation has no schedule. */
  readonly limit?: { readonly returnsAt: number; readonly job: RunJob | undefined }
}

/** Users often start a Run by hand right after saving. That Run goes first and sets the time of the next one. */
const breathMs = 5000
/** Maximum difference between the clocks of machines that work together. */
const clocksApartMs = 60_000
/**
 * Each Run may read its whole query again, so Runs that fail on the control database are retried with growing waits.
 */
export const afterTrouble: Backoff = { baseMs: 4000, capMs: 10 * 60_000 }
const again: Backoff = { baseMs: 60_000, capMs: 30 * 60_000 }

export function createScheduler({ queue, database, now, random, list }: SchedulerOptions): Scheduler {
  const job = (
    name: string,
    schedule: Schedule,
    at: number,
    more: { readonly deferrals?: number; readonly returnsAt?: number | undefined } = {},
  ): NewJob<RunJob> => ({
    key: scheduledKey(name),
    priority: 0,
    at: new Date(at),
    data: {
      kind: 'run',
      activation: name,
      allow: [],
      scheduled: { by: JSON.stringify(schedule), deferrals: more.deferrals ?? 0 },
      ...(more.returnsAt !== undefined && { returnsAt: more.returnsAt }),
    },
  })

  const settle = async (
    activations: readonly ScheduledActivation[],
    waiting: readonly WaitingJob<RunJob>[],
    earliest: number,
  ): Promise<void> => {
    const wanted = new Map(
      activations.flatMap(({ name, schedule, paused, savedAt }) =>
        schedule === null || paused ? [] : [[scheduledKey(name), { name, schedule, savedAt }]],
      ),
    )
    const isMeant = ({ key, data, at }: WaitingJob<RunJob>): boolean => {
      const schedule = wanted.get(key)?.schedule
      if (schedule === undefined || data.kind !== 'run' || data.scheduled?.by !== JSON.stringify(schedule)) return false
      // The Run waits for a limit of its Target, or was put off after trouble with the control database. It may be later
      // than its schedule.
      if (data.returnsAt !== undefined && at.getTime() <= data.returnsAt) return true
      if (data.troubles !== undefined && at.getTime() <= now() + afterTrouble.capMs) return true
      // Later than a Run that starts now would allow: the clock that computed the time was ahead.
      return at.getTime() <= nextRunAt(schedule, { lastStartedAt: now(), savedAt: now(), now: now() }) + clocksApartMs
    }
    const kept = new Set(waiting.filter(isMeant).map(({ key }) => key))
    const stale = waiting.filter(({ key }) => !kept.has(key))
    await queue.remove(stale.map(({ id }) => id))
    const lacking = [...wanted].filter(([key]) => !kept.has(key)).map(([, each]) => each)
    if (lacking.length === 0) return
    const began = await lastStarts(
      database,
      lacking.map(({ name }) => name),
    )
    await queue.sendMany(
      lacking.map(({ name, schedule, savedAt }) =>
        job(
          name,
          schedule,
          Math.max(
            earliest,
            nextRunAt(schedule, { lastStartedAt: began.get(name)?.getTime(), savedAt: savedAt.getTime(), now: now() }),
          ),
        ),
      ),
    )
  }

  return {
    async reconcile() {
      const [activations, waiting] = await Promise.all([list(), queue.waiting(scheduledPrefix)])
      await settle(activations, waiting, now())
    },
    async changed(names) {
      const keys = new Set(names.map(scheduledKey))
      const [activations, waiting] = await Promise.all([list(names), queue.waiting(scheduledPrefix)])
      await settle(
        activations,
        waiting.filter(({ key }) => keys.has(key)),
        now() + breathMs,
      )
    },
    async ended(name, { began, deferrals, limit }) {
      const [activation] = await list([name])
      if (activation === undefined || activation.paused) return
      if (activation.schedule === null) {
        if (limit?.job !== undefined) await queue.send(afterLimit(limit.job, limit.returnsAt))
        return
      }
      const regular = nextRunAt(activation.schedule, {
        lastStartedAt: began,
        savedAt: activation.savedAt.getTime(),
        now: now(),
      })
      const { schedule } = activation
      const next = deferrals === undefined ? {} : { deferrals: deferrals + 1, returnsAt: limit?.returnsAt }
      const at =
        deferrals === undefined
          ? regular
          : (limit?.returnsAt ?? Math.min(regular, now() + backoffMs(again, deferrals, random())))
      await queue.replace(job(name, schedule, at, next))
    },
  }
}

/** The same job again when the limit returns. A person who starts the Activation earlier does not have to wait for it. */
export function afterLimit(job: RunJob, returnsAt: number): NewJob<RunJob> {
  const data = { ...job, returnsAt }
  return { key: keyOf(data), priority: priorityOf(data), at: new Date(returnsAt), data }
}
