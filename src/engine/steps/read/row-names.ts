import { groupsAppeared } from '../../../connect/connector-faults.ts'
import { saveImmutableSettings } from '../../../store/project/activations.ts'
import { namesToCreate, pendingGroup } from '../../../store/plans/operations.ts'
import { saveRunGroups } from '../../../store/runs/runs.ts'
import type { TargetLink } from '../open/open-connections.ts'
import { immutableSettingsOf } from '../open/immutable-settings.ts'
import { unnamedGroup } from '../../../model/behavior.ts'
import type { GroupId } from '../../../model/record.ts'
import type { RunContext } from '../../run-context.ts'
import { settingsNaming } from './group-column.ts'

/** Resolves the group names that rows contain. They are known only after the query was read. */
export async function resolveRowNames(
  { activation, ports, lease }: RunContext,
  link: TargetLink,
  names: readonly string[],
): Promise<TargetLink> {
  const resolved = await activation.object.resolve(link.io, settingsNaming(activation, names))
  await saveRunGroups(ports.database, lease.runId, resolved.groups)
  return { ...link, resolved, resolvedAt: ports.now() }
}

/** The id of each group that rows name, or its placeholder while it does not exist. `names`: by the name as compared. */
export function groupsOfNames(
  { resolved: { groups } }: TargetLink,
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, GroupId> {
  return new Map([...names].map(([staged, name], at) => [staged, groups[at]?.id ?? pendingGroup(name)]))
}

/**
 * Resolves the groups again: other Activations may have created some while this one waited. `names`: those that rows
 * name.
 */
export async function resolveAgain(
  context: RunContext,
  link: TargetLink,
  names: readonly string[] | undefined,
): Promise<TargetLink> {
  if (names !== undefined) return await resolveRowNames(context, link, names)
  const { activation, ports, lease, row } = context
  const resolved = await activation.object.resolve(link.io, activation.settings)
  const again = { ...link, resolved, resolvedAt: ports.now() }
  await saveRunGroups(ports.database, lease.runId, resolved.groups)
  await saveImmutableSettings(ports.database, row.id, immutableSettingsOf(activation, again))
  return again
}

/** Leaves out new groups that no line of the Plan adds: only invalid rows name them. */
export async function leaveOutUnused(
  context: RunContext,
  link: TargetLink,
  names: readonly string[],
): Promise<TargetLink> {
  const { toCreate } = link.resolved
  if (toCreate.length === 0) return link
  const wanted = await namesToCreate(context.ports.database, context.lease.runId)
  const unused = new Set(toCreate.map(pendingGroup).filter((pending) => !wanted.has(pending)))
  if (unused.size === 0) return link
  const again = await resolveRowNames(
    context,
    link,
    names.filter((name) => !unused.has(pendingGroup(name.trim()))),
  )
  const stillMissing = new Set(again.resolved.toCreate.map(pendingGroup))
  const appeared = toCreate.filter((name) => wanted.has(pendingGroup(name)) && !stillMissing.has(pendingGroup(name)))
  if (appeared.length > 0) throw groupsAppeared(context.activation.object.group?.noun ?? unnamedGroup, appeared)
  return again
}
