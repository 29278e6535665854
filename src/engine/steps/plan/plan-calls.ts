import type { PlanGroup } from '../../../store/plans/plan-groups.ts'
import type { Activation } from '../../activation.ts'
import type { TargetLink } from '../open/open-connections.ts'

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
