import { Fault } from '../model/fault.ts'
import { machineFault } from '../model/machine-trouble.ts'
import type { Operation } from '../model/operation.ts'
import type { Outcome, Outcomes } from '../model/outcome.ts'
import type { Key } from '../model/record.ts'
import { withCause } from './fault-behind.ts'
import { Interrupted, partialOutcomes } from './interrupted.ts'

/**
 * Delivers groups of Operations side by side (`io.http` limits how many requests are out at once) and gathers their Outcomes.
 *
 * A transient Fault of one group becomes the Outcome of each of its Operations: `uncertain` if the request may have been
 * applied, else `deferred`. Any other Fault is thrown, but only after all groups have ended, as an `Interrupted` that
 * carries every Outcome; a Fault that says something beats `cancelled`.
 */
export async function deliverGroups(
  groups: readonly (readonly Operation[])[],
  deliver: (group: readonly Operation[]) => Promise<Outcomes>,
): Promise<Outcomes> {
  const outcomes = new Map<Key, Outcome>()
  const faults: Fault[] = []
  const ends = await Promise.allSettled(groups.map(async (group) => deliver(group)))
  ends.forEach((end, index) => {
    const group = groups[index] ?? []
    const answered: Outcomes = end.status === 'fulfilled' ? end.value : partialOutcomes(end.reason)
    for (const [key, outcome] of answered) outcomes.set(key, outcome)
    if (end.status === 'fulfilled') return
    const fault = asFault(end.reason)
    for (const { key } of group) if (!answered.has(key)) outcomes.set(key, outcomeOfFault(fault))
    if (fault.kind !== 'transient') faults.push(fault)
  })
  const worst = faults.find((fault) => fault.kind !== 'cancelled') ?? faults[0]
  if (worst !== undefined) throw new Interrupted(worst, outcomes)
  return outcomes
}

/** `deliverGroups` with each Operation on its own. */
export function forEachOperation(
  operations: readonly Operation[],
  deliver: (operation: Operation) => Promise<Outcome>,
): Promise<Outcomes> {
  return deliverGroups(operations.map((operation) => [operation]), async (group) => {
    const outcomes = new Map<Key, Outcome>()
    for (const operation of group) outcomes.set(operation.key, await deliver(operation))
    return outcomes
  })
}

/** Runs the next step of a delivery; what was settled before it is kept if the step throws. */
export async function keeping(settled: Outcomes, step: () => Promise<Outcomes>): Promise<Outcomes> {
  try {
    return await step()
  } catch (error) {
    throw new Interrupted(asFault(error), new Map([...settled, ...partialOutcomes(error)]))
  }
}

/** What a Fault means for a Record whose request ran into it. */
export function outcomeOfFault(fault: Fault): Outcome {
  return withCause({
    status: fault.mayHaveApplied ? 'unconfirmed' : 'on-hold',
    code: fault.code,
    message: fault.message,
    ...(fault.requestId === undefined ? {} : { requestId: fault.requestId }),
  }, fault)
}

/** The same Fault for a step that came after another step of the same Operation was applied: in part it did happen. */
export function afterPartOfIt(error: unknown): Fault {
  const fault = asFault(error)
  return new Fault(fault.kind, fault.message, {
    code: fault.code,
    mayHaveApplied: true,
    cause: fault,
    ...(fault.advice === undefined ? {} : { advice: fault.advice }),
    ...(fault.requestId === undefined ? {} : { requestId: fault.requestId }),
  })
}

/** Whatever was thrown, as a Fault: what is not one is a failure of the connector, with all in doubt. */
export function asFault(error: unknown): Fault {
  if (Fault.is(error)) return error
  const lacking = machineFault(error)
  if (lacking !== undefined) return lacking
  const words = error instanceof Error ? error.message : String(error)
  return new Fault('bug', `The connector failed: ${words}`, { code: 'connector-failed', mayHaveApplied: true, cause: error })
}
