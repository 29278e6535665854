import type { Notice } from '../../../model/notice.ts'
import { needsFinding } from '../../lookup/addresses.ts'
import type { TargetLink } from '../open/open-connections.ts'
import { openFindTargetRecords, type FindTargetRecords } from '../../lookup/find-target-records.ts'
import type { RunContext } from '../../run-context.ts'
import { openGroupLookup, type GroupLookup } from '../../lookup/group-lookup.ts'
import { openPlanner, type Planner } from './plan-differences.ts'
import { openRecordPlanner } from './plan-records.ts'

export interface PlannerChoice {
  /** Fields that are set only where the Target holds nothing yet. */
  readonly onlyIfEmpty: ReadonlySet<string>
  /** About so many Records will be looked at. */
  readonly expected: () => Promise<number>
  readonly reportProgress: (notice: Notice) => void
  /** The table of the sealed Stage. */
  readonly stage: string
}

/** The planner for an Activation's object. `upsertsItself`: the Target creates or updates by itself what was never settled. */
export function choosePlanner(context: RunContext, link: TargetLink, { onlyIfEmpty, expected, reportProgress: report, stage }: PlannerChoice): { readonly planner: Planner; readonly upsertsItself: boolean } {
  const { activation } = context
  let finding: Promise<FindTargetRecords> | undefined
  const find = () => finding ??= openFindTargetRecords(context, link)
  if (activation.object.group === undefined) {
    const { plan: { added, changed, removed } } = activation.behavior
    // What a fall-back names the Target cannot find itself, nor does it tell where two rows name the same thing.
    const upsertsAll = activation.object.upsertsBy?.includes(activation.identifier.field) === true && (activation.fallbacks ?? []).length === 0
    const upsertsItself = added === 'upsert' && changed === 'upsert' && removed === null && upsertsAll && onlyIfEmpty.size === 0
    return { planner: openRecordPlanner(context, { find, upsertsItself, onlyIfEmpty }), upsertsItself }
  }
  let lookup: Promise<GroupLookup> | undefined
  const planner = openPlanner(context, {
    link, stage, lookup: (intent) => lookup ??= expected().then((records) => openGroupLookup(context, link, records, intent, report)),
    find: needsFinding(activation) ? find : undefined, groups: link.resolved.groups,
  })
  return { planner, upsertsItself: true }
}
