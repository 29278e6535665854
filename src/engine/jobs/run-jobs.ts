import type { JobQueue } from '../../store/queue/job-queue.ts'
import type { GuardRule } from '../../rules/guardrails.ts'

/** A job for a worker. */
export type RunJob =
  | {
      readonly kind: 'run'
      readonly activation: string
      /** Guardrails to override for this Run. */
      readonly allow: readonly GuardRule[]
      /** Write this many Records first and read them back. */
      readonly canary?: number
      /** Number of the kept Plan that the Run must follow exactly. */
      readonly plan?: number
      /** For a scheduled Run: the schedule that set its time, and how many Runs in a row before it were deferred. */
      readonly scheduled?: { readonly by: string; readonly deferrals: number }
      /** How many Runs in a row before this one failed because of the control database. */
      readonly troubles?: number
      /** It waited for a limit of the Target that returns at this time, in epoch milliseconds. */
      readonly returnsAt?: number
    }
  | {
      readonly kind: 'undo'
      readonly activation: string
      /** The Run to undo. */
      readonly undoes: number
      readonly troubles?: number
      readonly returnsAt?: number
    }

export type RunQueue = JobQueue<RunJob>

const scheduledPrefix = 'scheduled:'

/** Each Activation has at most one scheduled Run in the queue. */
export function scheduledKey(activation: string): string {
  return `${scheduledPrefix}${activation}`
}

export { scheduledPrefix }

/** Key of a job: a job that is requested again before it starts runs once. */
export function keyOf(job: RunJob): string {
  if (job.kind === 'undo') return `undo:${job.undoes}`
  return job.scheduled === undefined
    ? `run:${JSON.stringify([job.activation, ...job.allow.toSorted(), ...howOf(job)])}`
    : scheduledKey(job.activation)
}

function howOf({ canary, plan, returnsAt }: Extract<RunJob, { kind: 'run' }>): string[] {
  return [
    ...(canary === undefined ? [] : [`canary ${canary}`]),
    ...(plan === undefined ? [] : [`plan ${plan}`]),
    ...(returnsAt === undefined ? [] : [`after ${returnsAt}`]),
  ]
}

export function priorityOf(job: RunJob): number {
  return job.kind === 'run' && job.scheduled !== undefined ? 0 : 10
}
