import { pendingGroup } from '../../../store/plans/operations.ts'
import type { Counts } from '../../../model/run.ts'
import type { PlanGroup } from '../../../store/plans/plan-groups.ts'
import { sortGroups, savePlan, sampleGroups, type PlanGuard } from '../../../store/plans/stored-plans.ts'
import type { TargetLink } from '../open/open-connections.ts'
import type { RunContext } from '../../run-context.ts'
import type { Activation } from '../../activation.ts'

/**
 * Saves a summary of the Plan for people. It stays after the Plan's lines are deleted, and if a guardrail blocks the
 * Run.
 */
export async function saveRunPlan(
  { activation, ports, lease }: RunContext,
  link: TargetLink,
  { groups, counts }: { readonly groups: readonly PlanGroup[]; readonly counts: Counts },
  guards: readonly PlanGuard[],
): Promise<void> {
  const { groups: resolvedGroups, toCreate } = link.resolved
  const names = new Map([
    ...toCreate.map((name) => [pendingGroup(name), name] as const),
    ...resolvedGroups.map(({ name, id }) => [id ?? pendingGroup(name), name] as const),
  ])
  const located = sortGroups(groups)
  const samples = await sampleGroups(ports.database, lease.runId, located, 'operation')
  await savePlan(
    ports.database,
    lease,
    {
      groups: located.map(({ kind, reason, note, code, lines, links }) => ({ kind, reason, note, code, lines, links })),
      samples: samples.map((lines) => lines.map((line) => ({ ...line, group: names.get(line.group) ?? line.group }))),
      calls: countPlanCalls(activation, link, groups),
      guards,
    },
    counts,
  )
}

/** Number of calls to write a Plan, if every target record is found. A call concerns one kind of Operation and one group. */
export function countPlanCalls({ object }: Activation, { resolved }: TargetLink, groups: readonly PlanGroup[]): number {
  const calls = groups.reduce(
    (sum, { kind, byGroup }) =>
      kind === 'skip' || kind === 'reject' || kind === 'wait'
        ? sum
        : sum + byGroup.reduce((all, lines) => all + object.countCalls(resolved.ready, kind, lines), 0),
    0,
  )
  return calls > 0 ? calls + resolved.toCreate.length : 0
}
