import type { Identity, Outcome } from '../../connect/index.ts'
import { shown } from './answer.ts'

/** Longer than any id of Intercom's, and than any path or query its servers take. Their `company_id` ends at 255. */
const longest = 1000

/** A path made of fixed words and values from data, e.g. `path('contacts', id, 'tags')`. */
export function path(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('')
}

/**
 * The Outcome of an identity that can name nothing and cannot be asked about: `.` and `..` vanish from any URL, however
 * they are written; lone surrogates have no encoding.
 */
export function invalidId(identity: Identity): Outcome | undefined {
  const reject = (code: 'invalid-value' | 'too-large', why: string): Outcome => ({
    status: 'rejected', code, field: identity.field,
    message: `"${shown(identity.value).toWellFormed()}" cannot be the ${identity.field} of anything in Intercom: ${why}.`,
  })
  if (identity.value.length > longest) return reject('too-large', `it has ${identity.value.length} characters`)
  if (identity.value === '') return reject('invalid-value', 'it is empty')
  if (!identity.value.isWellFormed()) return reject('invalid-value', 'it is not valid Unicode text')
  if (identity.field === 'id' && /^\.{1,2}$/.test(identity.value)) return reject('invalid-value', 'it is a path, not an id')
  return undefined
}
