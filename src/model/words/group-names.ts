import { unnamedGroup } from '../behavior.ts'
import type { Noun } from '../noun.ts'

/** `tag` of one group, `tags` of several, and of groups that the rows name. */
export function nameGroups(noun: Noun | null, groups: number): string {
  const { one, many } = noun ?? unnamedGroup
  return groups === 1 ? one : many
}
