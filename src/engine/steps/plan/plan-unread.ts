import type { Reason } from '../../../model/operation.ts'
import { noDetails, type NewOperation } from '../../../store/plans/operations.ts'
import type { StagedDifference } from '../../../bookkeeping/differences.ts'
import type { TargetLink } from '../open/open-connections.ts'
import type { StagedRecords } from '../../../store/snapshot/staged-records.ts'
import type { RunContext } from '../../run-context.ts'
import { openLinkLines } from './plan-links.ts'
import type { LineMaker } from './planner.ts'

/**
 * Plans from the comparison alone, without reading the Target: for a Run that a guardrail blocks early, so that people
 * still see what it would have done. These lines are never sent.
 */
export function openUnreadLines(context: RunContext, link: TargetLink, staged: StagedRecords): LineMaker {
  if (staged.areLinks) {
    const lookup = () => Promise.resolve({ at: () => Promise.resolve(new Map()), seesNobody: false })
    return openLinkLines(context, { link, staged, lookup, find: undefined })
  }
  return { linesOf: (page) => Promise.resolve(page.map((difference) => [lineOf(context, difference)])) }
}

function lineOf(
  {
    activation: {
      behavior: { plan },
    },
  }: RunContext,
  { key, reason, desired, identities, targetId, sent }: StagedDifference,
): NewOperation {
  const line = { key, group: '', reason, note: null, desired, sent } as const
  const kind = kindFor(plan, reason)
  if (kind === null || kind === 'mark') return { ...line, kind: 'skip', note: 'nothing-to-do' }
  const sets = kind === 'create' || kind === 'update' || kind === 'upsert'
  return {
    ...line,
    kind,
    details: { ...noDetails, targetId, identities, asks: sets && desired !== null && desired !== '' ? desired : null },
  }
}

function kindFor(plan: RunContext['activation']['behavior']['plan'], reason: Reason) {
  return reason === 'left' ? plan.removed : reason === 'changed' ? plan.changed : plan.added
}
