import type { Fields } from './field.ts'
import type { GroupId, Identity, Key } from './record.ts'

/**
 * What a TargetObject can do. `attach` and `detach` change links, such as a tag on a contact. `restore` restores an
 * archived target record; only undo uses it.
 */
export type OperationKind = 'create' | 'update' | 'upsert' | 'delete' | 'archive' | 'restore' | 'attach' | 'detach'

/** What the Target is asked to do for one Record. */
export interface Operation {
  readonly key: Key
  readonly kind: OperationKind
  /** How the Target finds the target record. If a lookup found it, this is its own id: `{ field: 'id', … }`. */
  readonly identity: Identity
  /** For `attach` and `detach`: id of the group to add or remove, such as a tag id. Empty for whole records. */
  readonly group: GroupId
  /** For `create`, `update` and `upsert`: the values to set; null clears a Field. */
  readonly fields?: Fields
  /** For `create` and `upsert`: all identifiers of the Record in order of preference. The target record gets them. */
  readonly identities?: readonly Identity[]
  /**
   * For `create` and `upsert`: Fields in `fields` to leave as they are if the target record exists and they are not
   * empty.
   */
  readonly onlyIfEmpty?: readonly string[]
}

/**
 * The Plan's decision for a Record: an Operation, or
 * `skip`: nothing to do, because it is as desired or external;
 * `reject`: it cannot be delivered, which is known before anything is sent;
 * `wait`: a later Run tries again.
 */
export type PlannedKind = OperationKind | 'skip' | 'reject' | 'wait'

/** Why an Operation is in the Plan. `left`: the query no longer asks for the Record: its row was
 * removed, or no longer names the group. */
export type Reason = 'new' | 'changed' | 'left' | 'unconfirmed' | 'retry' | 'undo'
