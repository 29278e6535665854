import type { Notice } from '../model/notice.ts'
import { noCounts, type Counts, type RunStatus } from '../model/run.ts'
import type { Verified } from '../model/observed.ts'
import { countOperations, type PlanGroup } from '../store/plans/plan-groups.ts'
import { enterStatus } from '../store/runs/runs.ts'
import type { ReadMemory } from './lookup/remember-reads.ts'
import type { RunContext } from './run-context.ts'
import type { TargetLink } from './steps/open/open-connections.ts'
import { tightestLimit } from '../http/reported-limits.ts'
import { startTimeLimit, type TimeLimit } from './steps/open/time-limit.ts'

/**
 * What is known of a Run so far, for its progress and its report, however the Run ends. Its steps write it. What they only
 * hand to each other does not belong here.
 */
export class RunProgress {
  /** Notices for the report. */
  readonly notices: Notice[] = []
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly deadline: number
  counts: Counts = noCounts
  status: RunStatus = 'reading'
  /** Undefined until the Target is open. */
  link: TargetLink | undefined
  /** What was read of the Target while planning. Undefined if the Run keeps nothing. */
  reads: ReadMemory | undefined
  /** The Plan, grouped by operation and reason. */
  groups: readonly PlanGroup[] = []
  /** False once it is known that the Plan has no lines. */
  hasLines = true
  /** Only delivery marks batches and writes to the Ledger. */
  hasDelivered = false
  /** There was work of earlier Runs to collect, which changes what the Snapshot holds. */
  hasJobs = false
  /** Operations that have an answer, and those of them that failed. */
  answers = { answered: 0, failed: 0 }
  /** Undefined if nothing was read back. */
  verified: Verified | undefined
  private readonly timeLimit: TimeLimit
  private readonly context: RunContext

  constructor(context: RunContext) {
    this.context = context
    this.startedAt = context.ports.now()
    this.deadline = this.startedAt + context.activation.timeLimitMs
    this.timeLimit = startTimeLimit(context.activation.timeLimitMs)
    this.show()
  }

  /** Ends all Warehouse calls. Nothing was sent yet, so the read may stop at once. */
  get readSignal(): AbortSignal {
    const { signal, ports } = this.context
    return AbortSignal.any([signal, ports.stop, this.timeLimit.signal])
  }

  async enter(status: RunStatus): Promise<void> {
    this.status = status
    await enterStatus(this.context.ports.database, this.context.lease.runId, status)
    this.show()
  }

  show(): void {
    const { ports, lease, activation } = this.context
    const { read, invalid, planned } = this.counts
    ports.progress({
      run: lease.runId,
      activation: activation.name,
      status: this.status,
      read,
      invalid,
      planned: Math.max(planned, countOperations(this.groups)),
      ...this.answers,
      pending: this.link?.client.pending ?? 0,
      rate: tightestLimit(this.link?.client.limits ?? []),
    })
  }

  async close(): Promise<void> {
    this.timeLimit.clear()
    await this.link?.client.close()
  }
}
