import type { Change } from '../model/change.ts'
import type { ObservedGroup } from '../model/observed.ts'
import { isOurs } from './authorship.ts'

/** How to take a change back. All lists hold member ids; together they are those of the change. */
export interface Inverse {
  readonly kind: 'attach' | 'detach'
  readonly ask: readonly string[]
  /** Back as it was already, or on a thing that is gone. */
  readonly nothingToDo: readonly string[]
  /** Put there by a person since: not ours to take off. */
  readonly theirs: readonly string[]
  /** A later Run did it anew: that one has to be taken back first. */
  readonly later: readonly string[]
  /** Others still want it on. */
  readonly elsewhere: readonly string[]
}

/**
 * The inverse of a change, of what stands as that Run left it and nobody has touched since. `seen`: what the thing carries now;
 * null where it no longer exists.
 */
export function invert({ kind, members, later, wrote }: Change, seen: readonly ObservedGroup[] | null, wished: ReadonlySet<string> = new Set()): Inverse {
  const held = new Map((seen ?? []).map((member) => [member.id, member]))
  const stands = seen === null ? [] : members.filter((member) => held.has(member) === (kind === 'attach'))
  const isLater = (member: string) => later.includes(member)
  const isTheirs = (member: string) => {
    const membership = held.get(member)
    return membership !== undefined && !isOurs(membership, wrote)
  }
  return {
    kind: kind === 'attach' ? 'detach' : 'attach',
    ask: stands.filter((member) => !isLater(member) && !isTheirs(member) && !wished.has(member)),
    nothingToDo: members.filter((member) => !stands.includes(member)),
    theirs: stands.filter((member) => !isLater(member) && isTheirs(member)),
    later: stands.filter(isLater),
    elsewhere: stands.filter((member) => !isLater(member) && !isTheirs(member) && wished.has(member)),
  }
}
