import type { Identity, TargetObject, TargetSpec } from '../../connect/index.ts'

/** What the kit needs to know about one object of a target, in one of its ways of working. */
export interface TargetCase {
  /** Told apart from other cases of the same object: "2.14, one by one". */
  readonly title: string
  readonly target: TargetSpec
  readonly object: TargetObject
  readonly identifier: string
  /** Settings of an activation, as written in tailrace.yaml, for these members. `create` only for objects that can. */
  settings(groups: readonly string[], options?: { readonly create?: boolean }): Readonly<Record<string, unknown>>
  /** The vendor's names of the rights that `check` must report. */
  readonly rights: readonly string[]
  /** `token` is the one to accept. */
  start(token: string): Promise<TargetHarness>
}

/** A running emulator of a target, as far as every kit needs it. */
export interface KitHarness<Hurt = Trouble> {
  /** The Connection as written in tailrace.yaml. */
  config(changes: { readonly token: string; readonly baseUrl?: string }): Readonly<Record<string, unknown>>
  /** Takes this right, by the vendor's name, from the token. */
  withhold(right: string): void
  /** Where the object looks through an index. */
  readonly index?: {
    /** From now on it sees no change until it catches up. Asked for before anything else, since it may start the stand anew. */
    stall(): void
    catchUp(): void
  }
  /** Befalls requests from the next one on. */
  hurt(trouble: Hurt): void
  heal(): void
  /** Has the trouble befallen any request? */
  struck(): boolean
  close(): Promise<void>
}

/** A stand of an object with memberships, seen from behind: the kit looks at its state, not at its answers. */
export interface TargetHarness extends KitHarness {
  /** Members that exist from the start, at least three. */
  readonly groups: readonly string[]
  /** The i-th thing that exists (from 1), found by the case's identifier; there are more than `batch.max`, and than two calls of a survey show. */
  existing(i: number): Identity
  /** Well-formed, but names nothing. */
  unknown(i: number): Identity
  /** The member's names on the thing, read from the emulator's state. */
  holds(identity: Identity): readonly string[]
  /** Puts a member on a thing by hand. */
  put(identity: Identity, group: string): void
  /** Names of all members that exist, e.g. all tags of the workspace. */
  groupNames(): readonly string[]
}

export interface Trouble {
  readonly kind: 'too-many' | 'unavailable' | 'html' | 'html-after' | 'lost-before' | 'lost-after' | 'slow' | 'revoke'
  /** Only the nth request, counted from 1. */
  readonly nth?: number
  /** At most so many requests. */
  readonly count?: number
}
