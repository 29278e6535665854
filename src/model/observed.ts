import type { Fields } from './field.ts'
import type { Identity } from './record.ts'

/** A membership as the Target shows it: a tag on a thing, and, where it says so, since when and by whom. */
export interface ObservedGroup {
  readonly id: string
  /** Unix seconds by the Target's clock. */
  readonly appliedAt?: number
  /** The Target's id of whoever put it on. */
  readonly appliedBy?: string
  /** Certainly not put on by us: the Target shows another name than it shows for our writes. */
  readonly byAnother?: true
}

/** What the Target holds for one identity. `groups: null` means that the thing does not exist. */
export interface Observed {
  readonly identity: Identity
  readonly targetId?: string
  /** Further identifiers of the thing, where the read showed them. */
  readonly identities?: readonly Identity[]
  /** All that is put on the thing, e.g. all its tags; empty where the object has no memberships. */
  readonly groups: readonly ObservedGroup[] | null
  /** Why it is not there, where the Target tells: "It was merged into 6762…: use that id." */
  readonly remark?: string
  /** Its Fields, for objects that have any: all of them, empty ones as null. */
  readonly fields?: Fields
  /** When the thing came to be, in unix seconds by the Target's clock. */
  readonly createdAt?: number
}

/** A thing that an identifier names. */
export interface Match {
  readonly targetId: string
  /** For people, to tell it from others: "Jane Doe <jane@acme.com>, user, created 2024-05-01". */
  readonly label: string
  /** Its identifiers, and the Fields of objects that have any: all of them, empty ones as null. */
  readonly fields: Fields
  /** Unix seconds by the Target's clock. */
  readonly createdAt?: number
}

/** The things that one identifier value names: several, where the identifier is not unique. */
export interface Found {
  readonly value: string
  readonly matches: readonly Match[]
}
