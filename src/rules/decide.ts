import type { Reason } from '../model/operation.ts'
import type { Period } from '../model/period.ts'
import type { Identity, Key } from '../model/record.ts'

/** Stage against Snapshot for one Key of an object with groups. */
export interface Difference {
  readonly key: Key
  /** How calls identify the target record. */
  readonly identity: Identity
  /** Its id in the Target, if known. */
  readonly targetId: string | null
  readonly reason: Reason
  /** Group ids that the query asks for; empty for a Record removed from the query. */
  readonly desired: readonly string[]
  /** Managed group ids: those that we added. */
  readonly managed: readonly string[]
  /** For an unconfirmed Record: when it was sent. */
  readonly sent: Period | null
}

/**
 * What is known of a target record before a write. `held` undefined: unknown, because it was not read or the index may
 * lag. `external`: groups it holds that a person added, or added again after us.
 */
export interface Current {
  readonly held: ReadonlySet<string> | undefined
  /** Groups that it certainly holds, if `held` is unknown. */
  readonly surely?: ReadonlySet<string>
  readonly external: ReadonlySet<string>
  /** Groups of which it is unknown whether it holds them. */
  readonly unknown?: ReadonlySet<string>
  /** Read directly just now, not through an index. */
  readonly isDirect?: true
  /** Its own id and further identifiers, if the read returned them. */
  readonly targetId?: string
  readonly identities?: readonly Identity[]
}

export const unseen: Current = { held: undefined, external: new Set() }

/** What `decide` needs of a SyncBehavior: does it detach the desired groups, and does it remove what left the query? */
export interface Intent {
  readonly takesOff: boolean
  readonly removesWhatLeft: boolean
}

export type Ownership = 'respect' | 'adopt' | 'enforce'

/** The decision for one Record. Each group id is in one list only. */
export interface Decision {
  readonly add: readonly string[]
  readonly remove: readonly string[]
  /** Already as desired; nothing to do. */
  readonly inPlace: readonly string[]
  /** Would be removed, but is external. */
  readonly leftAlone: readonly string[]
  /** Would be removed, but another Record or Activation still desires it. */
  readonly desiredElsewhere: readonly string[]
}

/** Whether a managed group may have to be removed. */
export function isStale({ reason, managed, desired }: Difference, { removesWhatLeft }: Intent): boolean {
  return reason === 'left' || (removesWhatLeft && managed.some((group) => !desired.includes(group)))
}

/**
 * Change x SyncBehavior x state of the Target -> what to do. Adds what is desired and not held. A behavior with
 * `removesWhatLeft` removes managed groups that are held and no longer desired, unless they are in `desiredElsewhere`.
 * A behavior with `takesOff` removes the desired groups that are held. A group of unknown state is written: link writes
 * may be repeated.
 */
export function decide(difference: Difference, current: Current, intent: Intent, ownership: Ownership, desiredElsewhere: ReadonlySet<string> = new Set()): Decision {
  const { desired, managed } = difference
  if (intent.takesOff) {
    const standing = current.held
    const isOff = (group: string) => standing !== undefined && !standing.has(group) && current.unknown?.has(group) !== true
    return { add: [], leftAlone: [], desiredElsewhere: [], remove: desired.filter((group) => !isOff(group)), inPlace: desired.filter(isOff) }
  }
  // With `adopt`, every held group is managed, so a direct read during planning settles an unconfirmed Record.
  const unconfirmed = difference.reason === 'unconfirmed' && !(ownership === 'adopt' && current.isDirect === true)
  // Without a read, managed groups count as held, unless the row was missing in between (reason `new`).
  // An unconfirmed Record is read before it is sent again.
  const held = unconfirmed ? new Set<string>() : current.held ?? new Set([...managed.filter((group) => difference.reason !== 'new' && current.unknown?.has(group) !== true), ...current.surely ?? []])
  const stale = intent.removesWhatLeft ? managed.filter((group) => !desired.includes(group) && (current.held === undefined || current.held.has(group))) : []
  const isExternal = (group: string) => ownership !== 'enforce' && current.external.has(group)
  // A managed group that is gone was removed by a person. That is drift; a change of the row does not repair it.
  const tookOff = difference.reason === 'changed' && current.held !== undefined ? managed.filter((group) => current.unknown?.has(group) !== true) : []
  return {
    add: desired.filter((group) => !held.has(group) && !tookOff.includes(group)),
    inPlace: desired.filter((group) => held.has(group)),
    remove: stale.filter((group) => !isExternal(group) && !desiredElsewhere.has(group)),
    leftAlone: stale.filter(isExternal),
    desiredElsewhere: stale.filter((group) => !isExternal(group) && desiredElsewhere.has(group)),
  }
}
