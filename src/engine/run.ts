import { Fault } from '../model/fault.ts'
import type { Notice } from '../model/notice.ts'
import type { GuardRule } from '../rules/guardrails.ts'
import type { Activation } from './activation.ts'
import type { DeliveryEnd } from './delivery/deliver.ts'
import { lostLease } from './faults/lost-lease.ts'
import { openRun } from './steps/open/open-run.ts'
import type { RunContext } from './run-context.ts'
import { requireSamePlan } from './saved-plans/require-same-plan.ts'
import { withOverrides } from './overrides.ts'
import { RunProgress } from './run-progress.ts'
import type { RunReport } from './run-report.ts'
import type { SavedPlan } from './saved-plans/plan-file.ts'
import type { Ports } from './ports.ts'
import { faultOfEnd } from './faults/planning-ended.ts'
import { deliverPlan } from './steps/deliver.ts'
import { guardRun, savePlanned } from './steps/guard.ts'
import { readAndPlan } from './steps/plan.ts'
import { endPlanning, finishAndReport } from './steps/report.ts'
import { asEngineFault } from './delivery/send-slice.ts'

export interface RunOptions {
  /** Guardrails to override for this Run. */
  readonly allow?: readonly GuardRule[]
  /**
   * Run exactly this Plan. If the Run would plan anything else, it is blocked. Overrides of the Plan apply to the Run
   * as well.
   */
  readonly plan?: SavedPlan
  /** Further notices for the report. */
  readonly notices?: readonly Notice[]
  /** Write this many Records first and read them back. Continue only if all are as desired. */
  readonly canary?: number | undefined
}

/**
 * Runs one Activation: read, map and stage rows; compare the sealed Stage with the Snapshot; plan; deliver; settle;
 * report. Throws only if the Run could not start. Later faults are in the report and in the Run's row.
 */
export async function runActivation(
  activation: Activation,
  ports: Ports,
  options: RunOptions = {},
): Promise<RunReport> {
  const { plan, canary } = options
  const allow = [...new Set([...(options.allow ?? []), ...(plan?.head.allow ?? [])])]
  return await openRun(
    withOverrides(activation, allow),
    ports,
    { remember: true, asPlan: false, allow, exact: plan !== undefined, canary },
    async (context, notices) => {
      const progress = new RunProgress(context)
      progress.notices.push(...notices, ...(options.notices ?? []))
      try {
        let end: DeliveryEnd | undefined
        let fault: Fault | undefined
        try {
          const planned = await readAndPlan(context, progress, async (made) => {
            await savePlanned(context, progress, made)
            if (plan !== undefined) await requireSamePlan(plan, activation, context, made)
            await guardRun(context, progress, made)
          })
          if (planned.lines > 0) end = await deliverPlan(context, progress, planned)
          if (end !== undefined) fault = faultOfEnd(end, true)
        } catch (error) {
          fault = lostLease(context.signal) ?? stopped(context, error) ?? asEngineFault(error)
          end = await endPlanning(context, progress, fault)
          if (end !== undefined) fault = faultOfEnd(end, false)
        }
        return await finishAndReport(context, progress, end, fault)
      } finally {
        await progress.close()
      }
    },
  )
}

function stopped(context: RunContext, error: unknown): Fault | undefined {
  if (!context.ports.stop.aborted || (Fault.is(error) && error.kind !== 'cancelled')) return undefined
  return new Fault('cancelled', 'Cancelled before anything was sent.', { code: 'cancelled' })
}
