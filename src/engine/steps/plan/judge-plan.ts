import type { BehaviorPlan } from '../../../model/behavior.ts'
import type { OperationKind } from '../../../model/operation.ts'
import type { DifferenceCount } from '../../../bookkeeping/compare-stage.ts'
import { countPlan, type PlanGroup } from '../../../store/plans/plan-groups.ts'
import { judgePlan, type PlanFigures, type Violation, type WriteCounts } from '../../../rules/guardrails.ts'
import type { Activation } from '../../activation.ts'
import type { TargetLink } from '../open/open-connections.ts'

/** What is judged besides the writes themselves. */
export type PlanSurroundings = Pick<PlanFigures, 'read' | 'lastRead' | 'invalid' | 'synced' | 'wentThrough'>

/**
 * What the comparison alone says of a Plan: records that are new in the query, changed, or gone. What an earlier Run had planned already and
 * could not bring to an end (`pending`: on hold, unconfirmed, due again) was judged then, and is no news.
 */
function countDifferences(differences: readonly DifferenceCount[], plan: BehaviorPlan, pending: boolean): WriteCounts {
  const none: WriteCounts = { adds: 0, updates: 0, removes: 0 }
  return differences.filter((difference) => difference.pending === pending).reduce((sum, { reason, records }) => {
    const kind = reason === 'left' ? plan.removed : reason === 'changed' ? plan.changed : plan.added
    const column = columnOf(kind)
    return column === undefined ? sum : { ...sum, [column]: sum[column] + records }
  }, none)
}

function columnOf(kind: OperationKind | 'mark' | null): keyof WriteCounts | undefined {
  switch (kind) {
    case null: case 'mark': return undefined
    case 'update': return 'updates'
    case 'detach': case 'delete': case 'archive': return 'removes'
    default: return 'adds'
  }
}

/**
 * What is absurd about what the comparison says, before the Target is read for it. What left may stay on for others: `leftAlone` says of how much
 * that is out of the question, where anybody has to be asked.
 */
export function judgeDifferences({ behavior, limits, object }: Activation, differences: readonly DifferenceCount[], around: PlanSurroundings, leftAlone: number | undefined): readonly Violation[] {
  const { removes, ...counts } = countDifferences(differences, behavior.plan, false)
  return judgePlan({ ...around, ...sidesOf(behavior.plan, object), ...counts, removes: Math.min(removes, leftAlone ?? Infinity), writes: 0, population: undefined }, limits)
}

export interface PlanToJudge {
  readonly groups: readonly PlanGroup[]
  /** What the comparison said; undefined where everything was new, and nothing was counted. */
  readonly differences: readonly DifferenceCount[] | undefined
  readonly around: PlanSurroundings
  readonly population: () => Promise<number | undefined>
}

/** What is absurd about a whole Plan, by the Activation's limits. */
export async function judgeWhole({ behavior, limits, object }: Activation, { groups, differences, around, population }: PlanToJudge): Promise<readonly Violation[]> {
  const { writes, ...exact } = countPlan(groups)
  const { added } = behavior.plan
  const byPopulation = (limits.population ?? 'off') !== 'off' || added === 'delete' || added === 'archive'
  const compared = differences && countDifferences(differences, behavior.plan, false)
  const pending = differences && countDifferences(differences, behavior.plan, true)
  const waiting = groups.reduce((sum, { note, lines }) => note === 'wanted-elsewhere' ? sum + lines : sum, 0)
  const shown = compared && { ...compared, removes: Math.max(0, compared.removes - waiting) }
  // One Record may go to several things, which the comparison does not know; and what is new may be in place already.
  const judged = (column: keyof WriteCounts): number => shown === undefined ? exact[column] : Math.max(shown[column], exact[column] - (pending?.[column] ?? 0))
  return judgePlan({
    ...around, ...sidesOf(behavior.plan, object), adds: judged('adds'), updates: judged('updates'), removes: judged('removes'),
    missing: Math.max(0, exact.adds - (pending?.adds ?? 0)), writes, population: byPopulation && writes > 0 ? await population() : undefined,
  }, limits)
}

/** All things of this kind in the Target; undefined where it cannot tell. */
export async function countPopulation({ object }: Activation, link: TargetLink | undefined): Promise<number | undefined> {
  if (link === undefined) return undefined
  const { io, resolved: { ready }, listing } = link
  return await (object.population?.(io, ready) ?? listing?.population?.(io, ready))
}

function sidesOf({ removed }: BehaviorPlan, { group }: Activation['object']): Pick<PlanFigures, 'removesWhatLeft' | 'removesRecords'> {
  return { removesWhatLeft: removed !== null, removesRecords: group === undefined }
}
