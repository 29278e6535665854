import type { Reason } from '../../../model/operation.ts'
import { insertOperations, noDetails, type NewOperation } from '../../../store/plans/operations.ts'
import type { StagedDifference } from '../../../bookkeeping/compare-stage.ts'
import type { TargetLink } from '../open/open-connections.ts'
import type { StagedRecords } from '../../../store/snapshot/staged-records.ts'
import type { RunContext } from '../../run-context.ts'
import { openLinkPlanner, type Planner } from './plan-links.ts'

/**
 * Plans from the comparison alone, without reading the Target: for a Run that a guardrail blocks early, so that people
 * still see what it would have done. These lines are never sent.
 */
export function openUnreadPlanner(context: RunContext, link: TargetLink, staged: StagedRecords): Planner {
  if (context.activation.object.group !== undefined) {
    const lookup = () => Promise.resolve({ at: () => Promise.resolve(new Map()), seesNobody: false })
    return openLinkPlanner(context, { link, staged, lookup, find: undefined })
  }
  const tally = { lines: 0, added: 0, changed: 0 }
  return {
    tally,
    finish: () => Promise.resolve(),
    async plan(page) {
      const lines = page.map((staged) => lineOf(context, staged))
      for (const { reason } of page) {
        if (reason === 'changed') tally.changed += 1
        else if (reason !== 'left') tally.added += 1
      }
      await insertOperations(context.ports.database, context.lease.runId, tally.lines + 1, lines)
      tally.lines += lines.length
    },
  }
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
