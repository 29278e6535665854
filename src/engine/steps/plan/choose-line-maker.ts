import type { Notice } from '../../../model/notice.ts'
import { needsFinding } from '../../lookup/addresses.ts'
import type { TargetLink } from '../open/open-connections.ts'
import { openFindTargetRecords, type FindTargetRecords } from '../../lookup/find-target-records.ts'
import type { StagedRecords } from '../../../store/snapshot/staged-records.ts'
import type { RunContext } from '../../run-context.ts'
import { openGroupLookup, type GroupLookup } from '../../lookup/group-lookup.ts'
import { openLinkLines } from './plan-links.ts'
import { openRecordLines } from './plan-records.ts'
import type { LineMaker } from './planner.ts'

export interface LineMakerChoice {
  /** Fields that are set only if they are empty in the Target. */
  readonly onlyIfEmpty: ReadonlySet<string>
  /** Estimated number of Records to look up. */
  readonly expected: () => Promise<number>
  readonly reportProgress: (notice: Notice) => void
  readonly staged: StagedRecords
}

/**
 * Chooses how the lines of an Activation's Plan are made. `upsertsItself`: the Target creates or updates Records that were
 * never delivered, without a lookup.
 */
export function chooseLineMaker(
  context: RunContext,
  link: TargetLink,
  { onlyIfEmpty, expected, reportProgress: report, staged }: LineMakerChoice,
): { readonly maker: LineMaker; readonly upsertsItself: boolean } {
  const { activation } = context
  let finding: Promise<FindTargetRecords> | undefined
  const find = () => (finding ??= openFindTargetRecords(context, link))
  if (!staged.areLinks) {
    const {
      plan: { added, changed, removed },
    } = activation.behavior
    // The Target cannot find records by fall-backs itself, and does not report if two rows name the same target record.
    const upsertsAll =
      activation.object.upsertsBy?.includes(activation.identifier.field) === true &&
      (activation.fallbacks ?? []).length === 0
    const upsertsItself =
      added === 'upsert' && changed === 'upsert' && removed === null && upsertsAll && onlyIfEmpty.size === 0
    return { maker: openRecordLines(context, { find, upsertsItself, onlyIfEmpty }), upsertsItself }
  }
  let lookup: Promise<GroupLookup> | undefined
  const maker = openLinkLines(context, {
    link,
    staged,
    lookup: (intent) =>
      (lookup ??= expected().then((records) => openGroupLookup(context, link, records, intent, report))),
    find: needsFinding(activation) ? find : undefined,
  })
  return { maker, upsertsItself: true }
}
