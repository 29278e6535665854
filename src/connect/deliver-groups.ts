import { Fault } from '../model/fault.ts'
import { machineFault } from '../model/machine-trouble.ts'
import type { Operation } from '../model/operation.ts'
import type { Outcome, Outcomes } from '../model/outcome.ts'
import type { Key } from '../model/record.ts'
import { withCause } from './fault-behind.ts'
import { Interrupted, partialOutcomes } from './interrupted.ts'

/**
 * Delivers groups of Operations in parallel and collects their Outcomes. `io.http` limits the requests in flight.
 *
 * A transient Fault of one group becomes the Outcome of each of its Operations: `unconfirmed` if the request may have
 * been applied, else `on-hold`. Any other Fault is thrown after all groups have ended, as an `Interrupted` that carries
 * every Outcome. If several groups failed, another Fault takes precedence over `cancelled`.
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

/** `deliverGroups` with one Operation per group. */
export function forEachOperation(
  operations: readonly Operation[],
  deliver: (operation: Operation) => Promise<Outcome>,
): Promise<Outcomes> {
  return deliverGroups(
    operations.map((operation) => [operation]),
    async (group) => {
      const outcomes = new Map<Key, Outcome>()
      for (const operation of group) outcomes.set(operation.key, await deliver(operation))
      return outcomes
    },
  )
}

/** Runs the next step of a delivery. If it throws, the Outcomes settled before it are kept in the `Interrupted`. */
export async function keeping(settled: Outcomes, step: () => Promise<Outcomes>): Promise<Outcomes> {
  try {
    return await step()
  } catch (error) {
    throw new Interrupted(asFault(error), new Map([...settled, ...partialOutcomes(error)]))
  }
}

/** The Outcome of a Record whose request failed with this Fault. */
export function outcomeOfFault(fault: Fault): Outcome {
  return withCause(
    {
      status: fault.mayHaveApplied ? 'unconfirmed' : 'on-hold',
      code: fault.code,
      message: fault.message,
      ...(fault.requestId === undefined ? {} : { requestId: fault.requestId }),
    },
    fault,
  )
}

/** The same Fault, marked `mayHaveApplied`: an earlier step of the same Operation was already applied. */
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

/**
 * Converts anything thrown to a Fault. An unknown error is a bug of the connector, and its Operations are unconfirmed.
 */
export function asFault(error: unknown): Fault {
  if (Fault.is(error)) return error
  const lacking = machineFault(error)
  if (lacking !== undefined) return lacking
  const words = error instanceof Error ? error.message : String(error)
  return new Fault('bug', `The connector failed: ${words}`, {
    code: 'connector-failed',
    mayHaveApplied: true,
    cause: error,
  })
}
