import { afterPartOfIt, type Operation, type Outcome } from '../../../connect/index.ts'

/**
 * Sends the groups of one Operation one after the other, and returns one Outcome for all. `endsIt`: the other groups
 * do not matter, because the target record does not exist. If a Fault comes after a change, the Fault says that part
 * of the Operation was applied.
 */
export async function eachGroup(
  operation: Operation, ask: (group: string) => Promise<Outcome>, endsIt: (outcome: Outcome) => boolean,
): Promise<Outcome> {
  const outcomes = new Map<string, Outcome>()
  for (const group of new Set(operation.groups)) {
    let outcome: Outcome
    try {
      outcome = await ask(group)
    } catch (error) {
      throw changedBy(outcomes).length > 0 ? afterPartOfIt(error) : error
    }
    outcomes.set(group, outcome)
    if (endsIt(outcome)) break
  }
  return combined(outcomes)
}

/**
 * One Outcome for all groups of a Record. The order of `byWeight` decides which status wins. `changed` lists the
 * groups that were really attached or detached, where the status alone does not say it.
 */
function combined(outcomes: ReadonlyMap<string, Outcome>): Outcome {
  const byWeight = ['rejected', 'unconfirmed', 'on-hold', 'delivered', 'in-place'] as const
  const all = [...outcomes.values()]
  const found = byWeight.map((status) => all.find((outcome) => outcome.status === status)).find((outcome) => outcome !== undefined)
  const changed = changedBy(outcomes)
  if (found === undefined || found.status === 'in-place') return { status: 'in-place', ...found, changed: [] }
  const plain = found.status === 'delivered' ? changed.length === outcomes.size : changed.length === 0
  return plain ? found : { ...found, changed }
}

function changedBy(outcomes: ReadonlyMap<string, Outcome>): readonly string[] {
  return [...outcomes].filter(([, { status }]) => status === 'delivered').map(([group]) => group)
}
