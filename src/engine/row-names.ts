import { namesToCreate } from '../store/operations.ts'
import { nameMembers } from '../store/runs.ts'
import type { TargetLink } from './connections.ts'
import type { Held } from './held.ts'
import { settingsNaming } from './members-column.ts'
import { pendingMember } from './plan-differences.ts'

/** Tags from a column are known by name only once the query was read: these are their names. */
export async function resolveRowNames({ activation, ports, holder }: Held, link: TargetLink, names: readonly string[]): Promise<TargetLink> {
  const resolved = await activation.object.resolve(link.io, activation.target.config, settingsNaming(activation, names))
  await nameMembers(ports.database, holder.runId, resolved.members)
  return { ...link, resolved, resolvedAt: ports.now() }
}

/** Leaves out those that would be created and that no line of the Plan puts on: they stand in rows that turned out invalid alone. */
export async function leaveOutUnused(held: Held, link: TargetLink, names: readonly string[]): Promise<TargetLink> {
  const { toCreate } = link.resolved
  if (toCreate.length === 0) return link
  const wanted = await namesToCreate(held.ports.database, held.holder.runId)
  const unused = new Set(toCreate.map(pendingMember).filter((pending) => !wanted.has(pending)))
  return unused.size === 0 ? link : await resolveRowNames(held, link, names.filter((name) => !unused.has(pendingMember(name.trim()))))
}
