import { afterPartOfIt, type Operation, type Outcome } from '../../../connect/index.ts'

/**
 * Asks for the members of one Operation, one after the other, and gives one Outcome for all. `endsIt`: no other member matters any more,
 * since the thing itself does not exist. What came before a Fault was applied, and the Fault says so.
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
 * One Outcome for all members of a Record: a refusal says more than a doubt, a doubt more than a success. It names the members that
 * really came on or off wherever its status alone would say too much or too little.
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
