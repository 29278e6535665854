import type { GroupId } from './record.ts'

const prefix = 'absent:'

/**
 * Placeholder id of a group that rows name, that does not exist, and that may not be created. `resolve` returns it, and
 * `GroupSpec.missing` says why no link to it is possible. Such a link is rejected when it is planned; the Target is never
 * asked for it. What its Key asks for is partly unknown, so other links of the Key stay.
 */
export function absentGroup(name: string): GroupId {
  return prefix + name
}

/** The name in such a placeholder. Undefined for the id of a group that exists. */
export function nameOfAbsentGroup(group: GroupId): string | undefined {
  return group.startsWith(prefix) ? group.slice(prefix.length) : undefined
}

/** Without such groups: they are in no list of groups that an Activation writes to. */
export function withoutAbsent<Group extends { readonly id: string | null }>(groups: readonly Group[]): Group[] {
  return groups.filter(({ id }) => id === null || nameOfAbsentGroup(id) === undefined)
}
