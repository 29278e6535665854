import type { BehaviorPlan } from '../../../model/behavior.ts'
import type { OperationKind } from '../../../model/operation.ts'
import type { DifferenceCount } from '../../../bookkeeping/differences.ts'
import { countPlan, type PlanGroup } from '../../../store/plans/plan-groups.ts'
import { judgePlan, type PlanFigures, type Violation, type WriteCounts } from '../../../rules/guardrails.ts'
import type { Activation } from '../../activation.ts'
import type { TargetLink } from '../open/open-connections.ts'

/** The figures for guardrails besides the writes themselves. */
export type PlanSurroundings = Pick<PlanFigures, 'read' | 'lastRead' | 'invalid' | 'synced' | 'wentThrough'>

/**
 * Counts what the comparison shows: Records that are new in the query, changed, or removed from it. `pending` Records
 * (on hold, unconfirmed, due again) were planned and judged in an earlier Run, so they are counted apart.
 */
function countDifferences(differences: readonly DifferenceCount[], plan: BehaviorPlan, pending: boolean): WriteCounts {
  const none: WriteCounts = { adds: 0, updates: 0, removes: 0 }
  return differences
    .filter((difference) => difference.pending === pending)
    .reduce((sum, { reason, records }) => {
      const kind = reason === 'left' ? plan.removed : reason === 'changed' ? plan.changed : plan.added
      const column = columnOf(kind)
      return column === undefined ? sum : { ...sum, [column]: sum[column] + records }
    }, none)
}

function columnOf(kind: OperationKind | 'mark' | null): keyof WriteCounts | undefined {
  switch (kind) {
    case null:
    case 'mark':
      return undefined
    case 'update':
      return 'updates'
    case 'detach':
    case 'delete':
    case 'archive':
      return 'removes'
    default:
      return 'adds'
  }
}

/**
 * Guardrail violations that the comparison alone shows, before the Target is read. Removed links may stay because
 * others desire them. `leftAlone`: how many surely do not stay; undefined if the behavior removes no links.
 */
export function judgeDifferences(
  { behavior, limits, object }: Activation,
  differences: readonly DifferenceCount[],
  around: PlanSurroundings,
  leftAlone: number | undefined,
): readonly Violation[] {
  const { removes, ...counts } = countDifferences(differences, behavior.plan, false)
  return judgePlan(
    {
      ...around,
      ...sidesOf(behavior.plan, object),
      ...counts,
      removes: Math.min(removes, leftAlone ?? Infinity),
      writes: 0,
      population: undefined,
    },
    limits,
  )
}

export interface PlanToJudge {
  readonly groups: readonly PlanGroup[]
  /** Result of the comparison. Undefined if everything was new and nothing was counted. */
  readonly differences: readonly DifferenceCount[] | undefined
  readonly around: PlanSurroundings
  readonly population: () => Promise<number | undefined>
}

/** Guardrail violations of a whole Plan, by the Activation's limits. */
export async function judgeWhole(
  { behavior, limits, object }: Activation,
  { groups, differences, around, population }: PlanToJudge,
): Promise<readonly Violation[]> {
  const { writes, ...exact } = countPlan(groups)
  const { added } = behavior.plan
  const byPopulation = (limits.population ?? 'off') !== 'off' || added === 'delete' || added === 'archive'
  const compared = differences && countDifferences(differences, behavior.plan, false)
  const pending = differences && countDifferences(differences, behavior.plan, true)
  const waiting = groups.reduce((sum, { note, lines }) => (note === 'wanted-elsewhere' ? sum + lines : sum), 0)
  const shown = compared && { ...compared, removes: Math.max(0, compared.removes - waiting) }
  // One Record may go to several target records, which the comparison does not know, and a new one may already be in
  // place. Take the larger count.
  const judged = (column: keyof WriteCounts): number =>
    shown === undefined ? exact[column] : Math.max(shown[column], exact[column] - (pending?.[column] ?? 0))
  return judgePlan(
    {
      ...around,
      ...sidesOf(behavior.plan, object),
      adds: judged('adds'),
      updates: judged('updates'),
      removes: judged('removes'),
      missing: Math.max(0, exact.adds - (pending?.adds ?? 0)),
      writes,
      population: byPopulation && writes > 0 ? await population() : undefined,
    },
    limits,
  )
}

/** Number of all target records of this object. Undefined if the Target cannot report it. */
export async function countPopulation(
  { object }: Activation,
  link: TargetLink | undefined,
): Promise<number | undefined> {
  if (link === undefined) return undefined
  const {
    io,
    resolved: { ready },
    listing,
  } = link
  return await (object.population?.(io, ready) ?? listing?.population?.(io, ready))
}

function sidesOf(
  { removed }: BehaviorPlan,
  { group }: Activation['object'],
): Pick<PlanFigures, 'removesWhatLeft' | 'removesRecords'> {
  return { removesWhatLeft: removed !== null, removesRecords: group === undefined }
}
