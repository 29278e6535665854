import type { Change } from '../model/change.ts'
import type { ObservedGroup } from '../model/observed.ts'
import { isByUs } from './authorship.ts'

/**
 * How to undo a change of a link: the Operation, or why it stays. `nothing-to-do`: it is undone already, or the target
 * record is gone. `external`: a person added it since. `later-run`: a later Run changed it, too; that Run must be undone
 * first. `wanted-elsewhere`: another Record or Activation still desires it.
 */
export type Inverse = 'attach' | 'detach' | 'nothing-to-do' | 'external' | 'later-run' | 'wanted-elsewhere'

/**
 * The inverse of a change, for a link that is still as the Run left it. `seen`: the groups of the target record now;
 * null: it no longer exists.
 */
export function invert(
  { kind, group, laterRun, wrote }: Change,
  seen: readonly ObservedGroup[] | null,
  isDesiredElsewhere = false,
): Inverse {
  const held = seen?.find(({ id }) => id === group)
  if (seen === null || (held !== undefined) !== (kind === 'attach')) return 'nothing-to-do'
  if (laterRun !== null) return 'later-run'
  if (held === undefined) return 'attach'
  if (!isByUs(held, wrote)) return 'external'
  return isDesiredElsewhere ? 'wanted-elsewhere' : 'detach'
}
