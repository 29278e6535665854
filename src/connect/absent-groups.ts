import type { GroupId } from '../model/record.ts'

const prefix = 'absent:'

/**
 * Placeholder id of a group that rows name, that does not exist, and that may not be created. Only the links to it are
 * rejected (`GroupSpec.missing` says why).
 */
export function absentGroup(name: string): GroupId {
  return prefix + name
}

/** The name in such a placeholder. Undefined for the id of a group that exists. */
export function nameOfAbsentGroup(group: GroupId): string | undefined {
  return group.startsWith(prefix) ? group.slice(prefix.length) : undefined
}
