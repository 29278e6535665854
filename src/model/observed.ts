import type { Identity } from './record.ts'

/** A membership as the Target shows it: a tag on a thing, and, where it says so, since when and by whom. */
export interface HeldMember {
  readonly id: string
  /** Unix seconds by the Target's clock. */
  readonly appliedAt?: number
  /** The Target's id of whoever put it on. */
  readonly appliedBy?: string
  /** Certainly not put on by us: the Target shows another name than it shows for our writes. */
  readonly byAnother?: true
}

/** What the Target holds for one identity. `members: null` means that the thing does not exist. */
export interface Observed {
  readonly identity: Identity
  readonly targetId?: string
  /** All that is put on the thing, e.g. all its tags. */
  readonly members: readonly HeldMember[] | null
}
