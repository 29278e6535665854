import type { Identity, TargetObject, TargetSpec } from '../../connect/index.ts'

/** What the kit needs to know about one object of a target, in one mode. */
export interface TargetCase {
  /** Distinguishes this case from other cases of the same object, such as "2.14, one by one". */
  readonly title: string
  readonly target: TargetSpec
  readonly object: TargetObject
  readonly identifier: string
  /**
   * Settings of an activation with these groups, as written in tailrace.yaml. `create` only for objects that can create
   * groups.
   */
  settings(groups: readonly string[], options?: { readonly create?: boolean }): Readonly<Record<string, unknown>>
  /** The vendor's names of the rights that `check` must report. */
  readonly rights: readonly string[]
  /** `token`: the only token that the emulator accepts. */
  start(token: string): Promise<TargetHarness>
}

/** A running emulator of a target, with what all kits need. */
export interface KitHarness<Hurt = Trouble> {
  /** The Connection as written in tailrace.yaml. */
  config(changes: { readonly token: string; readonly baseUrl?: string }): Readonly<Record<string, unknown>>
  /** Removes this right, by the vendor's name, from the token. */
  withhold(right: string): void
  /** Only where the object's lookups read an index. */
  readonly index?: {
    /** The index shows no change from now until `catchUp`. Call this first: it may restart the emulator. */
    stall(): void
    catchUp(): void
  }
  /** Injects a fault into requests, starting with the next one. */
  hurt(trouble: Hurt): void
  heal(): void
  /** Whether the injected fault has hit any request. */
  struck(): boolean
  close(): Promise<void>
}

/** The emulator of an object with links. The kit reads the emulator's state directly, not through its replies. */
export interface TargetHarness extends KitHarness {
  /** Groups that exist from the start, at least three. */
  readonly groups: readonly string[]
  /**
   * The i-th existing target record (from 1), by the case's identifier. More exist than `batch.max`, and more than two
   * listing calls return.
   */
  existing(i: number): Identity
  /** Well-formed, but identifies no target record. */
  unknown(i: number): Identity
  /** Names of the target record's groups, read from the emulator's state. */
  holds(identity: Identity): readonly string[]
  /** Adds an external link: puts the target record into the group by hand. */
  put(identity: Identity, group: string): void
  /** Names of all groups that exist, for example all tags of the workspace. */
  groupNames(): readonly string[]
}

export interface Trouble {
  readonly kind: 'too-many' | 'unavailable' | 'html' | 'html-after' | 'lost-before' | 'lost-after' | 'slow' | 'revoke'
  /** Hits only the nth request, counted from 1. */
  readonly nth?: number
  /** Hits at most this many requests. */
  readonly count?: number
}
