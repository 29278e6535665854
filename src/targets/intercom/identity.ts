import { keeping, type Identity, type Outcome, type Key, type Operation, type Outcomes } from '../../connect/index.ts'
import { shown } from './answer.ts'

/**
 * Longer than any Intercom id, and than its servers accept in a path or query. A `company_id` ends at 255 characters.
 */
const longest = 1000

/** A path of fixed parts and values, each encoded, e.g. `path('contacts', id, 'tags')`. */
export function path(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('')
}

/**
 * The Outcome of an identity that cannot exist or cannot be sent; undefined for a valid one. `.` and `..` vanish from
 * any URL, even when encoded; lone surrogates have no encoding.
 */
export function invalidId(identity: Identity): Outcome | undefined {
  const reject = (code: 'invalid-value' | 'too-large', why: string): Outcome => ({
    status: 'rejected',
    code,
    field: identity.field,
    message: `"${shown(identity.value).toWellFormed()}" is not a valid ${identity.field} in Intercom: ${why}.`,
  })
  if (identity.value.length > longest) return reject('too-large', `it has ${identity.value.length} characters`)
  if (identity.value === '') return reject('invalid-value', 'it is empty')
  if (!identity.value.isWellFormed()) return reject('invalid-value', 'it is not valid Unicode text')
  if (identity.field === 'id' && /^\.{1,2}$/.test(identity.value))
    return reject('invalid-value', 'it is a path, not an id')
  return undefined
}

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
