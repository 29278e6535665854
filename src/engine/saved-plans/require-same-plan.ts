import { Fault } from '../../model/fault.ts'
import { pendingGroup, readOperations, type PlannedOperation } from '../../store/plans/operations.ts'
import { comparePlans, differenceWords, isTargetsDoing, type PlanLine } from '../../rules/plan-line.ts'
import type { Activation } from '../activation.ts'
import type { RunContext } from '../run-context.ts'
import type { PlannedRun } from '../steps/plan.ts'
import { changedParts, weighBasis } from './plan-basis.ts'
import { hashOfPlan, type SavedPlan } from './plan-file.ts'
import { namesRecords, shownLine, type LineNames } from './shown-line.ts'

/** How many differences are named. All are counted. */
const namedDifferences = 10

/**
 * Throws unless this Plan equals the saved one to the last byte and has the same basis. The Fault names
 * what changed.
 */
export async function requireSamePlan(
  saved: SavedPlan,
  activation: Activation,
  context: RunContext,
  planned: PlannedRun,
): Promise<void> {
  const basis = await weighBasis(activation, context, planned)
  const parts = changedParts(saved.head.basis, basis)
  const lines = () => planLines(pages(context, planned), namesRecords(activation))
  if (parts.length === 0 && (await hashOfPlan(saved.head, lines())) === saved.hash) return
  const names = new Map(
    [...saved.head.basis.target.groups, ...basis.target.groups].map(({ name, id }) => [id ?? pendingGroup(name), name]),
  )
  const named: string[] = []
  let differences = 0
  let byTarget = false
  for await (const difference of comparePlans(saved.lines(namesRecords(activation)), lines(), (a, b) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  )) {
    differences += 1
    byTarget ||= isTargetsDoing(difference)
    if (named.length < namedDifferences) named.push(differenceWords(difference, (group) => names.get(group) ?? group))
  }
  if (byTarget || parts.length === 0) parts.push('the data in the Target')
  const more = differences - named.length
  const list = [...named, ...(more > 0 ? [`and ${more} more`] : [])].map((words) => `\n  ${words}`).join('')
  throw new Fault(
    'blocked',
    `Changed since the plan was made: ${parts.join('; ')}.${differences === 0 ? ' The writes would be the same.' : list}`,
    {
      code: 'plan-changed',
      advice: 'Nothing was written. Make a new plan, review it, and run the new plan.',
    },
  )
}

/** The lines of a Plan in the form in which they are saved. */
export async function* planLines(
  pages: AsyncIterable<readonly PlannedOperation[]>,
  recordOf: LineNames['recordOf'],
): AsyncGenerator<PlanLine> {
  for await (const page of pages) for (const line of page) yield planLineOf(line, recordOf)
}

function planLineOf(operation: PlannedOperation, recordOf: LineNames['recordOf']): PlanLine {
  const { key } = operation
  const {
    record,
    group,
    operation: kind,
    reason,
    targetId,
    fields,
    before,
    code,
  } = shownLine(operation, { recordOf, nameOf: (each) => each })
  return {
    record,
    ...(record !== key && { key }),
    ...(group !== undefined && { group }),
    operation: kind,
    reason: reason === 'invalid' ? operation.reason : reason,
    ...(targetId !== undefined && { targetId }),
    ...(fields !== undefined && { fields }),
    ...(before !== undefined && { before }),
    ...(code !== undefined && { code }),
  }
}

function pages({ ports, lease }: RunContext, { lines }: PlannedRun): AsyncIterable<readonly PlannedOperation[]> {
  return readOperations(ports.database, lease.runId, { lines, pageSize: 2000 })
}
