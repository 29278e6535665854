import type { Reason } from '../model/operation.ts'
import type { Period } from '../model/period.ts'
import type { Identity, Key } from '../model/record.ts'

/** Stage against Snapshot for one Key. */
export interface Difference {
  readonly key: Key
  /** How calls name the thing. */
  readonly identity: Identity
  /** Its own id, where that is known. */
  readonly targetId: string | null
  readonly reason: Reason
  /** Member ids that the query asks for this Record; empty for one that left. */
  readonly desired: readonly string[]
  /** Member ids on it that we put there. */
  readonly managed: readonly string[]
  /** For a Record in doubt: when what is in doubt was sent. */
  readonly sent: Period | null
}

/**
 * What is known of a thing before it is written to. `held` undefined: not yet known, since it was not looked at or the index may lag.
 * `external`: of what it holds, what a person put there (again) since we did.
 */
export interface Current {
  readonly held: ReadonlySet<string> | undefined
  /** Where not all is known: what it certainly holds. */
  readonly surely?: ReadonlySet<string>
  readonly external: ReadonlySet<string>
  /** Members of which nobody knows whether it holds them. */
  readonly unknown?: ReadonlySet<string>
  /** It was read itself just now, rather than through an index. */
  readonly isDirect?: true
  /** Its own id, and further identifiers, where the read told them. */
  readonly targetId?: string
  readonly identities?: readonly Identity[]
}

export const unseen: Current = { held: undefined, external: new Set() }

/** What of a SyncBehavior matters here: does it take members off, and does it take off what left the query? */
export interface Intent {
  readonly takesOff: boolean
  readonly removesWhatLeft: boolean
}

export type Ownership = 'respect' | 'adopt' | 'enforce'

/** What to ask for one Record. All lists hold member ids; none repeats another. */
export interface Decision {
  readonly add: readonly string[]
  readonly remove: readonly string[]
  /** As wanted already; nothing to ask. */
  readonly inPlace: readonly string[]
  /** Would come off, but is theirs. */
  readonly leftAlone: readonly string[]
  /** Would come off, but others still want it. */
  readonly desiredElsewhere: readonly string[]
}

/** Whether something of ours may have to come off. */
export function isStale({ reason, managed, desired }: Difference, { removesWhatLeft }: Intent): boolean {
  return reason === 'left' || (removesWhatLeft && managed.some((group) => !desired.includes(group)))
}

/**
 * Change x SyncBehavior x what the Target holds -> what to ask. Additions are for what is wanted and not held. Removals are, for a
 * behaviour that removes what left, of what is ours, is wanted no more (nor by others: `desiredElsewhere`) and still stands; for one that takes off, of what is wanted
 * off and held. What nobody has looked at is asked for: membership writes may be repeated.
 */
export function decide(difference: Difference, current: Current, intent: Intent, ownership: Ownership, desiredElsewhere: ReadonlySet<string> = new Set()): Decision {
  const { desired, managed } = difference
  if (intent.takesOff) {
    const standing = current.held
    const isOff = (group: string) => standing !== undefined && !standing.has(group) && current.unknown?.has(group) !== true
    return { add: [], leftAlone: [], desiredElsewhere: [], remove: desired.filter((group) => !isOff(group)), inPlace: desired.filter(isOff) }
  }
  // Under adopt, what stands is ours whoever put it there, so that a read at planning settles what is in doubt.
  const unconfirmed = difference.reason === 'unconfirmed' && !(ownership === 'adopt' && current.isDirect === true)
  // What we hold by our own books counts as held where nobody has looked, unless its row was away since.
  // What is in doubt is settled by the read before it is sent again.
  const held = unconfirmed ? new Set<string>() : current.held ?? new Set([...managed.filter((group) => difference.reason !== 'new' && current.unknown?.has(group) !== true), ...current.surely ?? []])
  const stale = intent.removesWhatLeft ? managed.filter((group) => !desired.includes(group) && (current.held === undefined || current.held.has(group))) : []
  const isExternal = (group: string) => ownership !== 'enforce' && current.external.has(group)
  // What we had put there and is gone, a person took off: that is drift, and not undone in passing because something else changed.
  const tookOff = difference.reason === 'changed' && current.held !== undefined ? managed.filter((group) => current.unknown?.has(group) !== true) : []
  return {
    add: desired.filter((group) => !held.has(group) && !tookOff.includes(group)),
    inPlace: desired.filter((group) => held.has(group)),
    remove: stale.filter((group) => !isExternal(group) && !desiredElsewhere.has(group)),
    leftAlone: stale.filter(isExternal),
    desiredElsewhere: stale.filter((group) => !isExternal(group) && desiredElsewhere.has(group)),
  }
}
