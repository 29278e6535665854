import type { Change } from '../model/change.ts'
import type { ObservedGroup } from '../model/observed.ts'
import { isByUs } from './authorship.ts'

/** How to undo a change. All lists hold group ids; together they are those of the change. */
export interface Inverse {
  readonly kind: 'attach' | 'detach'
  readonly ask: readonly string[]
  /** Undone already, or the target record is gone. */
  readonly nothingToDo: readonly string[]
  /** Added by a person since, so it is not removed. */
  readonly external: readonly string[]
  /** A later Run changed it, too. That Run must be undone first. */
  readonly later: readonly string[]
  /** Another Record or Activation still desires it. */
  readonly elsewhere: readonly string[]
}

/**
 * The inverse of a change, for groups that are still as the Run left them. `seen`: the groups of the target record now;
 * null: it no longer exists.
 */
export function invert({ kind, groups, later, wrote }: Change, seen: readonly ObservedGroup[] | null, desiredElsewhere: ReadonlySet<string> = new Set()): Inverse {
  const held = new Map((seen ?? []).map((group) => [group.id, group]))
  const stands = seen === null ? [] : groups.filter((group) => held.has(group) === (kind === 'attach'))
  const isLater = (group: string) => later.includes(group)
  const isExternal = (group: string) => {
    const membership = held.get(group)
    return membership !== undefined && !isByUs(membership, wrote)
  }
  return {
    kind: kind === 'attach' ? 'detach' : 'attach',
    ask: stands.filter((group) => !isLater(group) && !isExternal(group) && !desiredElsewhere.has(group)),
    nothingToDo: groups.filter((group) => !stands.includes(group)),
    external: stands.filter((group) => !isLater(group) && isExternal(group)),
    later: stands.filter(isLater),
    elsewhere: stands.filter((group) => !isLater(group) && !isExternal(group) && desiredElsewhere.has(group)),
  }
}
