import { keeping, type Key, type Operation, type Outcome, type Outcomes } from '../../../connect/index.ts'
import { unaskable } from '../identity.ts'

/** Answers, without a request, the Operations whose identity can name nothing, and delivers the others. */
export async function deliverAskable(
  operations: readonly Operation[],
  deliver: (askable: readonly Operation[]) => Promise<Outcomes>,
): Promise<Outcomes> {
  const refused = new Map<Key, Outcome>()
  for (const { key, identity } of operations) {
    const outcome = unaskable(identity)
    if (outcome !== undefined) refused.set(key, outcome)
  }
  const askable = operations.filter(({ key }) => !refused.has(key))
  if (askable.length === 0) return refused
  return new Map([...refused, ...await keeping(refused, () => deliver(askable))])
}
