import type { ManualEdit } from './shared-account-history.ts'
import type { Desired, LinkName } from './shared-account-desired.ts'

export type Author = 'person' | number

/** The history of one link in the account. */
export interface LinkState {
  readonly name: LinkName
  readonly object: ManualEdit['link']
  present: boolean
  /** Who added the link. For a link restored by an undo: who had added it before. */
  by: Author
  putAt: number
  restored: boolean
  /** Why Tailrace may not know that it manages the link: a lost reply, a crash, or two concurrent Runs. */
  murky: string | undefined
  /** Activations with `ownership: adopt` that desired the link, and those that certainly found it in place. */
  readonly adopters: Set<number>
  readonly sureAdopters: Set<number>
  /** Tailrace's writes that add the link, and whether each changed anything. */
  readonly ourPuts: { readonly at: number; readonly changed: boolean }[]
  /** Its Activation no longer desires the link, but another one does. */
  waits: boolean
  removedBy: 'person' | 'detach' | 'undo' | 'mirror' | undefined
  removedAt: number
  /**
   * Activations that relied on the link when a person removed it. For them the removal is drift, and need not be
   * repaired.
   */
  missedBy: ReadonlySet<number>
}

/** One Activation's part in a step of the history. */
export interface Part {
  readonly who: number
  readonly desired: Desired
  readonly undoes?: Effect
  /** The effects of this part. */
  readonly effect: Effect
}

export interface Effect {
  readonly put: Set<LinkName>
  readonly removed: Set<LinkName>
  /** Links that were sent, whether or not the write changed anything. */
  readonly askedOn: Set<LinkName>
  readonly askedOff: Set<LinkName>
  /** How often a link was sent again, because several Records may name one target record. */
  repeats: number
}

export const noEffect = (): Effect => ({
  put: new Set(),
  removed: new Set(),
  askedOn: new Set(),
  askedOff: new Set(),
  repeats: 0,
})
