import type { JobQueue } from '../../store/queue/job-queue.ts'
import type { GuardRule } from '../../rules/guardrails.ts'

/** What a worker is asked to do. */
export type RunJob = {
  readonly kind: 'run'
  readonly activation: string
  /** Guardrails that this one Run is let through. */
  readonly allow: readonly GuardRule[]
  /** Write so many Records first and read them back. */
  readonly canary?: number
  /** The kept Plan that it must do, and nothing else. */
  readonly plan?: number
  /** Of a scheduled Run: by which schedule its time was reckoned, and how many Runs before it were deferred in a row. */
  readonly scheduled?: { readonly by: string; readonly deferrals: number }
  /** So many Runs in a row, before this one, the control database left alone. */
  readonly troubles?: number
} | {
  readonly kind: 'undo'
  readonly activation: string
  /** The Run that is taken back. */
  readonly undoes: number
  readonly troubles?: number
}

export type RunQueue = JobQueue<RunJob>

const scheduledPrefix = 'scheduled:'

/** Each Activation has at most one Run that waits for its time. */
export function scheduledKey(activation: string): string {
  return `${scheduledPrefix}${activation}`
}

export { scheduledPrefix }

/** What is asked by hand goes before what is scheduled; asked twice before it began, it is done once. */
export function keyOf(job: RunJob): string {
  if (job.kind === 'undo') return `undo:${job.undoes}`
  return job.scheduled === undefined ? `run:${JSON.stringify([job.activation, ...job.allow.toSorted(), ...howOf(job)])}` : scheduledKey(job.activation)
}

function howOf({ canary, plan }: Extract<RunJob, { kind: 'run' }>): string[] {
  return [...canary === undefined ? [] : [`canary ${canary}`], ...plan === undefined ? [] : [`plan ${plan}`]]
}

export function priorityOf(job: RunJob): number {
  return job.kind === 'run' && job.scheduled !== undefined ? 0 : 10
}
