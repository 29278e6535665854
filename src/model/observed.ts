import type { Fields } from './field.ts'
import type { Identity } from './record.ts'

/** One group of a target record as the Target reports it, with time and author if the Target reports them. */
export interface ObservedGroup {
  readonly id: string
  /** Unix seconds by the Target's clock. */
  readonly appliedAt?: number
  /** The Target's id of the author. */
  readonly appliedBy?: string
  /** Certainly external: the Target reports another author than for our writes. */
  readonly byAnother?: true
}

/** What the Target holds for one identity. `groups: null`: the target record does not exist. */
export interface Observed {
  readonly identity: Identity
  readonly targetId?: string
  /** Further identifiers of the target record, if the read returned them. */
  readonly identities?: readonly Identity[]
  /** All groups of the target record, e.g. all its tags; empty if the object has no groups. */
  readonly groups: readonly ObservedGroup[] | null
  /** Why it was not found, if the Target reports it: "It was merged into 6762…: use that id." */
  readonly remark?: string
  /** All its Fields, for objects that have Fields; empty ones are null. */
  readonly fields?: Fields
  /** When the target record was created, in unix seconds by the Target's clock. */
  readonly createdAt?: number
}

/** A target record that an identifier matches. */
export interface Match {
  readonly targetId: string
  /** Description for users: "Jane Doe <jane@acme.com>, user, created 2024-05-01". */
  readonly label: string
  /** Its identifiers, and all Fields of objects that have Fields; empty ones are null. */
  readonly fields: Fields
  /** Unix seconds by the Target's clock. */
  readonly createdAt?: number
}

/** The target records that match one identifier value: several if the identifier is not unique. */
export interface Found {
  readonly value: string
  readonly matches: readonly Match[]
}

/** Whether a read shows a Record as we wrote it: yes, unknown, or no. */
export type Verdict = 'confirmed' | 'pending' | 'missing'

/** Records by verdict. */
export type Verified = Readonly<Record<Verdict, number>>

export const noneVerified: Verified = { confirmed: 0, pending: 0, missing: 0 }

/**
 * How a Record changed since we wrote it: a group was removed, a removed group (or target record) is back, the target
 * record is gone, or a value changed.
 */
export const driftKinds = ['taken off', 'put back', 'gone', 'changed'] as const
export type DriftKind = (typeof driftKinds)[number]
