import type { Identity, Key } from './record.ts'

/** What a TargetObject can be asked to do. `add` and `remove` concern memberships, such as a tag on a thing. */
export type OperationKind = 'create' | 'update' | 'upsert' | 'delete' | 'archive' | 'add' | 'remove'

/** What to ask of the Target for one Record. */
export interface Operation {
  readonly key: Key
  readonly kind: OperationKind
  readonly identity: Identity
  /** For `add` and `remove`: the ids (in the Target) of what is put on or taken off, e.g. tag ids. Never empty there. */
  readonly members: readonly string[]
}

/** What a Plan says of a Record: an Operation, or `keep`: nothing to ask, since it is as wanted or not ours to touch. */
export type PlannedKind = OperationKind | 'keep'

/** Why an Operation is in the Plan. */
export type Reason = 'new' | 'changed' | 'left' | 'in-doubt' | 'retry' | 'undo'
