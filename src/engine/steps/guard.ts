import { notice } from '../../model/notice.ts'
import { saveOverrides } from '../../store/runs/runs.ts'
import { guardFault } from '../faults/guard-fault.ts'
import type { RunContext } from '../run-context.ts'
import type { RunProgress } from '../run-progress.ts'
import type { PlannedRun } from './plan.ts'
import { saveRunPlan } from './plan/save-plan.ts'

/** Saves what is planned, and its guardrail violations. */
export async function savePlanned(context: RunContext, progress: RunProgress, planned: PlannedRun): Promise<void> {
  const guards = planned.violations.map(({ rule, words }) => ({
    rule,
    words,
    overridden: context.allow.includes(rule),
  }))
  await saveRunPlan(context, planned.link, progress, guards)
}

/** Blocks the Run if its Plan violates a guardrail that is not overridden. Saves the overrides that were used. */
export async function guardRun(
  { ports, lease, allow }: RunContext,
  progress: RunProgress,
  { violations, link }: PlannedRun,
): Promise<void> {
  const standing = violations.filter(({ rule }) => !allow.includes(rule))
  if (standing.length > 0) throw guardFault(standing)
  const creates = link.resolved.toCreate.length > 0 && allow.includes('create')
  const used = [...violations.map(({ rule }) => rule), ...(creates ? ['create'] : [])]
  if (used.length > 0) await saveOverrides(ports.database, lease.runId, used)
  for (const { rule, words } of violations)
    progress.notices.push(notice('guard-overridden', `Overridden by --allow ${rule}: ${words}`, { rule }))
}
