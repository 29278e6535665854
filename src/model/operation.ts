import type { Fields } from './field.ts'
import type { Identity, Key } from './record.ts'

/**
 * What a TargetObject can be asked to do. `attach` and `detach` concern memberships, such as a tag on a thing; `restore` brings back what was
 * archived, which only an undo asks for.
 */
export type OperationKind = 'create' | 'update' | 'upsert' | 'delete' | 'archive' | 'restore' | 'attach' | 'detach'

/** What to ask of the Target for one Record. */
export interface Operation {
  readonly key: Key
  readonly kind: OperationKind
  /** How the Target finds the thing. Where it was found before, by its own id (`find`), this is `{ field: 'id', … }`. */
  readonly identity: Identity
  /** For `attach` and `detach`: the ids (in the Target) of what is put on or taken off, e.g. tag ids. Never empty there. */
  readonly groups: readonly string[]
  /** For `create`, `update` and `upsert`: the values to set; null empties a Field. */
  readonly fields?: Fields
  /** For `create` and `upsert`: every identifier the Record has, in order of preference; the thing gets them. */
  readonly identities?: readonly Identity[]
  /** For `create` and `upsert`: of `fields`, those that are left as they are where the thing turns out to be there and holds something in them. */
  readonly onlyIfEmpty?: readonly string[]
}

/**
 * What a Plan says of a Record: an Operation; `skip`: nothing to ask, since it is as wanted or not ours to touch; `reject`: it cannot be
 * delivered, which is known before anything is sent; `wait`: not now, a later Run asks again.
 */
export type PlannedKind = OperationKind | 'skip' | 'reject' | 'wait'

/** Why an Operation is in the Plan. */
export type Reason = 'new' | 'changed' | 'left' | 'unconfirmed' | 'retry' | 'undo'
