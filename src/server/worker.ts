import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../model/fault.ts'
import type { TakenJob } from '../store/queue/job-queue.ts'
import { findRun } from '../store/runs/runs.ts'
import type { Activation } from '../engine/activation.ts'
import { openKeptPlan } from '../engine/saved-plans/kept-plan.ts'
import type { RunReport } from '../engine/run-report.ts'
import type { Ports } from '../engine/ports.ts'
import { runActivation } from '../engine/run.ts'
import { keyOf, priorityOf, type RunJob, type RunQueue } from '../engine/jobs/run-jobs.ts'
import { createRunLog } from './run-log.ts'
import type { RunHub } from '../engine/jobs/run-hub.ts'
import { afterLimit, afterTrouble, type EndedRun, type Scheduler } from './scheduler.ts'
import { stopForServer } from '../engine/jobs/server-stops.ts'
import { undoRun } from '../engine/undo.ts'
import { isDatabaseFault } from '../engine/faults/database-faults.ts'
import { backoffMs } from '../http/limits/backoff.ts'

export interface WorkerOptions {
  readonly queue: RunQueue
  readonly scheduler: Scheduler
  readonly hub: Pick<RunHub, 'progress'>
  readonly ports: Omit<Ports, 'progress' | 'stop' | 'abort'>
  /** Loads a saved Activation for the engine. Throws a Fault if it cannot run. */
  readonly load: (name: string) => Promise<Activation>
}

export interface Worker {
  /** Number of current Runs in this process. */
  readonly running: number
  /** Takes jobs from now on, at most `concurrency` at a time. */
  work(concurrency: number): Promise<void>
  /**
   * Queues the job. Returns the number of its Run; null if the Run did not begin within `startsWithinMs`, or if the
   * same job was queued already.
   */
  start(job: RunJob): Promise<number | null>
  /** Removes a queued job. */
  unqueue(id: string): Promise<void>
  /**
   * Takes no more jobs and lets current Runs finish what is in flight. They end as deferred, and further Runs are
   * queued to continue them. What has not ended after `mostMs` is unconfirmed.
   */
  stop(mostMs: number): Promise<void>
  /** Stops at once. What is in flight is unconfirmed. */
  abort(): void
}

/** An Activation that another process is running is tried again after this long. */
const putOffMs = 3000
const startsWithinMs = 2000
/** Part of the stop time that is reserved for closing connections after the abort. */
const closingMs = 1000

export function createWorker({ queue, scheduler, hub, ports, load }: WorkerOptions): Worker {
  const { now, log } = ports
  const runLog = createRunLog(log, now)
  const stopping = new AbortController()
  const aborting = new AbortController()
  const begins = new Map<string, (run: number | null) => void>()
  let running = 0

  const send = async (data: RunJob, more: { readonly id?: string; readonly at?: Date } = {}): Promise<string | null> =>
    await queue.send({ key: keyOf(data), priority: priorityOf(data), data, ...more })

  /**
   * Queues a job again after trouble with the control database, unless another process settled the Run in the meantime.
   */
  const sendAgain = async (job: RunJob, run?: number): Promise<void> => {
    const standing = run === undefined ? undefined : await findRun(ports.database, run)
    if (standing?.status === 'interrupted' && standing.finishedAt !== null) return
    for (let troubles = job.troubles ?? 0; ; troubles += 1) {
      const waitMs = backoffMs(afterTrouble, troubles, ports.random())
      try {
        return void (await send({ ...job, troubles: troubles + 1 }, { at: new Date(now() + waitMs) }))
      } catch (error) {
        // Queueing failed too, for example because of a full disk: wait here and try again.
        log.debug('a Run could not be queued again', { activation: job.activation, message: String(error) })
        await delay(waitMs, undefined, { signal: stopping.signal })
      }
    }
  }

  const perform = async (id: string, job: RunJob): Promise<RunReport | undefined> => {
    const activation = await load(job.activation)
    const working: Ports = {
      ...ports,
      stop: stopping.signal,
      abort: aborting.signal,
      progress(progress) {
        begins.get(id)?.(progress.run)
        hub.progress(progress)
      },
    }
    if (job.kind === 'run') {
      const plan = job.plan === undefined ? undefined : await openKeptPlan(ports.database, job.activation, job.plan)
      return await runActivation(activation, working, {
        allow: job.allow,
        canary: job.canary,
        ...(plan !== undefined && { plan }),
      })
    }
    const undone = await findRun(ports.database, job.undoes)
    return undone && (await undoRun(activation, working, undone, () => Promise.resolve(true), { isDecided: true }))
  }

  const handle = async ({ id, data: job }: TakenJob<RunJob>): Promise<void> => {
    const began = now()
    running += 1
    try {
      if (stopping.signal.aborted) return void (await send(job))
      const report = await perform(id, job)
      if (report !== undefined)
        runLog.ended({ activation: job.activation, run: report.run, status: report.status, fault: report.fault })
      // The rest of a Plan is not run again: its Records are on hold, and the next Run plans them anew.
      const goesOn = job.kind !== 'run' || job.plan === undefined
      if (goesOn && report?.status === 'deferred' && stopping.signal.aborted) await send(job)
      else if (goesOn && report?.fault !== undefined && isDatabaseFault(report.fault.code))
        await sendAgain(job, report.run)
      else if (job.kind === 'run')
        await scheduler.ended(job.activation, {
          began,
          deferrals: isPassing(report) ? (job.scheduled?.deferrals ?? 0) : undefined,
          ...limitOf(report?.fault, job),
        })
      else if (report?.fault?.returnsAt !== undefined) await queue.send(afterLimit(job, report.fault.returnsAt))
    } catch (error) {
      if (!Fault.is(error)) {
        log.warn('a Run failed unexpectedly', {
          activation: job.activation,
          stack: error instanceof Error ? error.stack : String(error),
        })
        throw error
      }
      if (isDatabaseFault(error.code)) {
        runLog.ended({ activation: job.activation, fault: error })
        return await sendAgain(job)
      }
      if (error.code === 'already-running') return void (await send(job, { at: new Date(now() + putOffMs) }))
      runLog.ended({ activation: job.activation, fault: error })
      if (job.kind === 'run')
        await scheduler.ended(job.activation, {
          began,
          deferrals: error.kind === 'transient' ? (job.scheduled?.deferrals ?? 0) : undefined,
          ...limitOf(error, job),
        })
    } finally {
      running -= 1
      begins.get(id)?.(null)
    }
  }

  return {
    get running() {
      return running
    },
    work: async (concurrency) => await queue.work(concurrency, handle),
    async start(job) {
      const id = randomUUID()
      const { promise, resolve } = Promise.withResolvers<number | null>()
      begins.set(id, resolve)
      const timer = setTimeout(resolve, startsWithinMs, null)
      try {
        return (await send(job, { id })) === null ? null : await promise
      } finally {
        clearTimeout(timer)
        begins.delete(id)
      }
    },
    unqueue: async (id) => await queue.remove([id]),
    async stop(mostMs) {
      stopForServer(stopping)
      const timer = setTimeout(() => aborting.abort(), Math.max(0, mostMs - closingMs))
      try {
        await queue.stop(mostMs)
      } finally {
        clearTimeout(timer)
      }
    },
    abort: () => aborting.abort(),
  }
}

/** The limit of the Target that ended the Run, if one did. Only a Run that a person started is queued as it was. */
function limitOf(fault: Fault | undefined, job: Extract<RunJob, { kind: 'run' }>): Pick<EndedRun, 'limit'> {
  const returnsAt = fault?.returnsAt
  if (returnsAt === undefined) return {}
  return { limit: { returnsAt, job: job.scheduled === undefined && job.plan === undefined ? job : undefined } }
}

/** A temporary failure, which is worth another Run before the scheduled time. */
function isPassing(report: RunReport | undefined): boolean {
  return report?.status === 'deferred' || (report?.status === 'failed' && report.fault?.kind === 'transient')
}
