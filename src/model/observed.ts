import type { Identity } from './record.ts'

/** What the Target holds for one identity. `members: null` means that the thing does not exist. */
export interface Observed {
  readonly identity: Identity
  readonly targetId?: string
  /** Ids in the Target of all that is put on the thing, e.g. of all its tags. */
  readonly members: readonly string[] | null
}
