import type { Fields } from './field.ts'
import type { Key } from './record.ts'

/** Why the Target refused a Record. `not-found` and `conflict` may pass with time; the others wait for the row or a person. */
export const rejectionCodes = [
  'not-found', 'ambiguous', 'invalid-value', 'too-large', 'forbidden', 'conflict', 'refused', 'already-exists', 'archived', 'changed-after-insert',
] as const
export type RejectionCode = (typeof rejectionCodes)[number]

interface Answered {
  /**
   * For memberships: those of the members asked for that this really put on or took off, where the answer told. Default: all.
   * For `create` and `upsert`: `['created']` where this brought the thing into being, `['restored']` where it brought it back from the
   * archive, and `[]` where it was there.
   */
  readonly changed?: readonly string[]
  /** Fields that the Target keeps in another form than it was asked for, such as a phone number without its signs: as it keeps them. */
  readonly holds?: Fields
  /** The thing's own id in the Target, where the answer told it. */
  readonly targetId?: string
  /** The vendor's id of the request that settled this, for its support desk. */
  readonly requestId?: string
}

/**
 * The Target's answer to one Operation.
 *
 * - `delivered`    the Target did it (or, for a repeated write, holds it now).
 * - `in-place`     the Target already held it; shown to users as "already in place".
 * - `rejected`     the Target refused this Record: "not loaded".
 * - `on-hold`      not applied, for a passing reason; tried again by itself.
 * - `unconfirmed`  sent, and we do not know: stays so until it is settled by reading or by an idempotent repeat.
 */
export type Outcome =
  | (Answered & { readonly status: 'delivered' | 'in-place' })
  | (Answered & { readonly status: 'rejected'; readonly code: RejectionCode; readonly message: string; readonly field?: string; readonly httpStatus?: number })
  | (Answered & { readonly status: 'on-hold'; readonly code: string; readonly message: string; readonly retryAfterMs?: number })
  | (Answered & { readonly status: 'unconfirmed'; readonly code: string; readonly message: string })

/** One Outcome for each Operation asked, by key. A key that is missing counts as unconfirmed, never as a success. */
export type Outcomes = ReadonlyMap<Key, Outcome>
