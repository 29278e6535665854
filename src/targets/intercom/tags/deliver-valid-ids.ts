import { keeping, type Key, type Operation, type Outcome, type Outcomes } from '../../../connect/index.ts'
import { invalidId } from '../identity.ts'

/** Rejects Operations with an invalid identity without a request, and delivers the others. */
export async function deliverValidIds(
  operations: readonly Operation[],
  deliver: (valid: readonly Operation[]) => Promise<Outcomes>,
): Promise<Outcomes> {
  const rejected = new Map<Key, Outcome>()
  for (const { key, identity } of operations) {
    const outcome = invalidId(identity)
    if (outcome !== undefined) rejected.set(key, outcome)
  }
  const valid = operations.filter(({ key }) => !rejected.has(key))
  if (valid.length === 0) return rejected
  return new Map([...rejected, ...(await keeping(rejected, () => deliver(valid)))])
}
