import type { PlanGroup } from '../../../store/plans/plan-groups.ts'
import type { Activation } from '../../activation.ts'
import type { TargetLink } from '../open/open-connections.ts'

/** Number of calls to write a Plan, if every target record is found. */
export function countPlanCalls({ object }: Activation, { resolved }: TargetLink, groups: readonly PlanGroup[]): number {
  const alike = new Map<string, { readonly kind: PlanGroup['kind']; readonly links: number; readonly lines: number }>()
  for (const { kind, links, lines } of groups) {
    const name = `${kind} ${links}`
    alike.set(name, { kind, links, lines: lines + (alike.get(name)?.lines ?? 0) })
  }
  const calls = [...alike.values()].reduce((sum, { kind, lines, links }) =>
    kind === 'skip' || kind === 'reject' || kind === 'wait' ? sum : sum + object.countCalls(resolved.ready, kind, lines, links), 0)
  return calls > 0 ? calls + resolved.toCreate.length : 0
}
