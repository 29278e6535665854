import type { Fields } from './field.ts'
import type { Key } from './record.ts'

/**
 * Why a Record was rejected. `not-found` and `conflict` may pass with time; others wait for a changed row or a person.
 */
export const rejectionCodes = [
  'not-found',
  'group-not-found',
  'ambiguous',
  'invalid-value',
  'too-large',
  'forbidden',
  'conflict',
  'refused',
  'already-exists',
  'archived',
  'changed-after-insert',
] as const
export type RejectionCode = (typeof rejectionCodes)[number]

/**
 * What an Operation really changed. Of a link: `created`, `removed` or `nothing`. Of a target record: `created`,
 * `changed`, `restored` from the archive, `removed` (archived or deleted) or `nothing`.
 */
export type Effect = 'created' | 'changed' | 'restored' | 'removed' | 'nothing'

interface Answered {
  /**
   * If the answer reports it. Default of a delivered link: it was made or removed by this call. For `create` and
   * `upsert`: `created`, `restored`, or `changed` if the target record existed.
   */
  readonly effect?: Effect
  /** Fields that the Target stores in another form than sent, such as a phone number without punctuation: as stored. */
  readonly holds?: Fields
  /** The target record's own id, if the answer contains it. */
  readonly targetId?: string
  /** The vendor's id of the request that settled this, for vendor support. */
  readonly requestId?: string
}

/**
 * The Target's answer to one Operation.
 *
 * - `delivered`    the Target applied it (or, for a repeated write, holds it now).
 * - `in-place`     the Target already held it; shown to users as "already in place".
 * - `rejected`     the Target rejected this Record; shown to users as "not loaded".
 * - `on-hold`      not applied, for a temporary reason; retried automatically.
 * - `unconfirmed`  sent without a clear answer, until it is settled by reading or by an idempotent repeat.
 */
export type Outcome =
  | (Answered & { readonly status: 'delivered' | 'in-place' })
  | (Answered & {
      readonly status: 'rejected'
      readonly code: RejectionCode
      readonly message: string
      readonly field?: string
      readonly httpStatus?: number
    })
  | (Answered & {
      readonly status: 'on-hold'
      readonly code: string
      readonly message: string
      readonly retryAfterMs?: number
    })
  | (Answered & { readonly status: 'unconfirmed'; readonly code: string; readonly message: string })

/** One Outcome per Operation, by key. A missing key counts as unconfirmed, never as a success. */
export type Outcomes = ReadonlyMap<Key, Outcome>
