import type { StagedDifference } from '../../../bookkeeping/differences.ts'
import { refName, type RecordRef } from '../../../model/record.ts'
import { noDetails, type NewOperation } from '../../../store/plans/operations.ts'
import type { LineMaker } from './planner.ts'

/**
 * For a plan that is only shown: Records that a job of the Target still works on wait. A Run collects the job's results
 * first, so it plans these Records like all others.
 */
export function waitingForJobs(maker: LineMaker, atWork: readonly RecordRef[]): LineMaker {
  if (atWork.length === 0) return maker
  const names = new Set(atWork.map(refName))
  return {
    async linesOf(page) {
      const isAtWork = page.map((difference) => names.has(refName(difference)))
      const open = await maker.linesOf(page.filter((_, at) => isAtWork[at] !== true))
      let next = 0
      return page.map((difference, at) => (isAtWork[at] === true ? [waitOf(difference)] : (open[next++] ?? [])))
    },
  }
}

function waitOf({ key, group, reason, desired, sent }: StagedDifference): NewOperation {
  return {
    key,
    group,
    kind: 'wait',
    reason,
    note: null,
    desired,
    sent,
    details: {
      ...noDetails,
      code: 'job-at-work',
      message: 'The Target may still work on this record. The next Run collects the result first.',
    },
  }
}
