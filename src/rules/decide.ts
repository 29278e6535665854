import type { Reason } from '../model/operation.ts'
import type { Period } from '../model/period.ts'
import type { Identity, RecordRef } from '../model/record.ts'

/** Stage against Snapshot for one link. */
export interface LinkDifference extends RecordRef {
  /** Names the Key with this target record: links of one Key may be on two target records. */
  readonly record: string
  /** How calls identify the target record. */
  readonly identity: Identity
  /** Its id in the Target, if known. */
  readonly targetId: string | null
  /** `left`: the query no longer asks for the link. Otherwise it does. */
  readonly reason: Reason
  /** We added the link. */
  readonly managed: boolean
  /** For an unconfirmed link: when it was sent. */
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

/**
 * What to do about a link: an Operation, or why nothing is asked: it is as desired (`in-place`), would be removed but is
 * external, would be removed but others desire it (`wanted-elsewhere`), or is gone already (`nothing-to-do`).
 */
export type Decision = 'attach' | 'detach' | 'in-place' | 'external' | 'wanted-elsewhere' | 'nothing-to-do'

/**
 * Change x SyncBehavior x state of the Target -> what to do. A desired link that is not held is added. A managed link
 * that is held and no longer desired is removed, unless it is external, or another Record or Activation desires it. A
 * behavior that takes off removes desired links that are held. A link of unknown state is written: link writes may be
 * repeated.
 */
export function decide(
  { group, reason, managed }: LinkDifference,
  current: Current,
  { takesOff }: Intent,
  ownership: Ownership,
  isDesiredElsewhere: boolean,
): Decision {
  const isUnknown = current.unknown?.has(group) === true
  const isHeld = current.held === undefined || isUnknown ? undefined : current.held.has(group)
  if (takesOff) return isHeld === false ? 'in-place' : 'detach'
  if (reason === 'left') {
    if (isHeld === false) return 'nothing-to-do'
    if (ownership !== 'enforce' && current.external.has(group)) return 'external'
    return isDesiredElsewhere ? 'wanted-elsewhere' : 'detach'
  }
  // An unconfirmed link is read before it is sent again. With `adopt`, every link in place is managed, so a direct read
  // during planning settles it.
  if (reason === 'unconfirmed' && !(ownership === 'adopt' && current.isDirect === true)) return 'attach'
  // Without a read, a managed link counts as held, unless the query did not ask for it in between (reason `new`).
  return (isHeld ?? (current.surely?.has(group) === true || (managed && reason !== 'new' && !isUnknown)))
    ? 'in-place'
    : 'attach'
}
