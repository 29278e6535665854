import type { Counts, RequestCounts } from '../model/run.ts'
import { readRefusals, type RefusalEntry } from '../store/ledger.ts'
import { readOperations, type PlannedOperation } from '../store/operations.ts'
import { discardRun } from '../store/runs.ts'
import type { Activation } from './activation.ts'
import { holdActivation } from './hold.ts'
import { Pass } from './pass.ts'
import type { Ports } from './ports.ts'

/** What a Run would do now. Nothing of it is remembered. */
export interface PlanReport {
  readonly activation: string
  readonly counts: Counts
  readonly requests: RequestCounts
  readonly members: readonly { readonly name: string; readonly id: string | null }[]
  readonly toCreate: readonly string[]
  /** Calls that write, as long as every record is found. */
  readonly writeCalls: number
  /** What these calls take at the account's rate limit, in milliseconds; undefined while the limit is unknown. */
  readonly writeMs: number | undefined
  readonly refusals: readonly RefusalEntry[]
  readonly notices: readonly string[]
}

/** Reads and compares as a Run does, hands each page of the Plan to `onOperations`, and sends nothing. */
export async function planActivation(
  activation: Activation, ports: Ports, onOperations: (page: readonly PlannedOperation[]) => Promise<void>,
): Promise<PlanReport> {
  return await holdActivation(activation, ports, { remember: false, allow: [] }, async (held, notices) => {
    const pass = new Pass(held)
    try {
      const session = await pass.open()
      try {
        await pass.readAndPlan(session)
      } finally {
        await session.close()
      }
      for await (const page of readOperations(ports.database, held.holder.runId, { lines: pass.lines, pageSize: 2000 })) await onOperations(page)
      return await describe(pass, activation, ports, held.holder.runId, notices)
    } finally {
      await pass.close()
      await discardRun(ports.database, held.holder.runId)
    }
  })
}

async function describe(pass: Pass, activation: Activation, ports: Ports, runId: number, notices: readonly string[]): Promise<PlanReport> {
  const link = pass.link
  if (link === undefined) throw new Error('a plan without a Target')
  const { resolved, client } = link
  const writeCalls = activation.object.countCalls(resolved.ready, activation.behavior.plan.added ?? 'add', pass.counts.planned) + resolved.toCreate.length
  const { windowMs } = activation.target.spec.http(activation.target.config).rate
  return {
    activation: activation.name, counts: pass.counts, requests: { read: client.counts.read, write: client.counts.write },
    members: resolved.members, toCreate: resolved.toCreate, writeCalls,
    writeMs: client.rate === undefined ? undefined : Math.ceil(writeCalls / client.rate.limit - 1) * windowMs,
    refusals: await readRefusals(ports.database, runId), notices: [...notices, ...pass.notices],
  }
}
