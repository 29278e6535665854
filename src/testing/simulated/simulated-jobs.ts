import type { DeliverIo } from '../../connect/io.ts'
import type { TargetObject } from '../../connect/target.ts'
import type { Operation } from '../../model/operation.ts'
import type { Outcome, Outcomes } from '../../model/outcome.ts'

/** The stages of a job, in order. A call to the job server is made at each; `result` is also asked while it is at work. */
export type JobStage = 'create' | 'upload' | 'close' | 'result'

interface Job {
  state: 'open' | 'closed'
  operations: readonly Operation[]
  outcomes: Outcomes
  /** Times that the result is asked before it is there. */
  pending: number
}

/** A Target that works on batches in jobs, which continue when the process that started them is gone. */
export interface SimulatedJobs {
  /** The object, which delivers by jobs. */
  readonly object: TargetObject
  readonly jobs: Map<string, Job>
  /** Called before and after each call to the job server. It may throw, as if the process died there. */
  onCall: (stage: JobStage, when: 'before' | 'after') => void
  /** How often the result of a new job is asked before it is there. */
  pending: number
}

export function simulateJobs(object: TargetObject): SimulatedJobs {
  const jobs = new Map<string, Job>()
  let created = 0
  const simulated: SimulatedJobs = { object: undefined as never, jobs, onCall: () => undefined, pending: 2 }

  async function call<T>(stage: JobStage, work: () => T | Promise<T>): Promise<T> {
    simulated.onCall(stage, 'before')
    const result = await work()
    simulated.onCall(stage, 'after')
    return result
  }

  async function deliver(io: DeliverIo, ready: unknown, operations: readonly Operation[]): Promise<Outcomes> {
    let id = io.ticket.saved
    if (id === undefined) {
      id = await call('create', () => {
        const made = `job-${(created += 1)}`
        jobs.set(made, { state: 'open', operations: [], outcomes: new Map(), pending: simulated.pending })
        return made
      })
      await io.ticket.save(id)
    }
    const job = jobs.get(id)
    if (job === undefined) return new Map(operations.map(({ key }) => [key, jobIsGone]))
    if (job.state === 'open' && io.collects) {
      jobs.delete(id)
      return new Map(operations.map(({ key }) => [key, notBegun]))
    }
    if (job.state === 'open') {
      await call('upload', () => void (job.operations = operations))
      // From here on the Target works on it, whether the process lives or not.
      await call('close', async () => {
        job.state = 'closed'
        job.outcomes = await object.deliver(io, ready, job.operations)
      })
    }
    while (
      !(await call('result', () => {
        job.pending -= 1
        return job.pending < 0
      }))
    )
      await io.wait(1)
    return job.outcomes
  }

  return Object.assign(simulated, { object: { ...object, deliver } })
}

const notBegun: Outcome = { status: 'on-hold', code: 'not-begun', message: 'The job was not begun.' }
const jobIsGone: Outcome = { status: 'unconfirmed', code: 'job-gone', message: 'The Target does not know the job.' }
