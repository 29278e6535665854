import { nameGroups } from '../../store/snapshot/write-snapshot.ts'
import { notice, type Notice } from '../../model/notice.ts'
import { nameCreatedGroup, pendingGroup } from '../../store/plans/operations.ts'
import { saveImmutableSettings } from '../../store/project/activations.ts'
import { saveRunGroups } from '../../store/runs/runs.ts'
import type { RunContext } from '../run-context.ts'
import { immutableSettingsOf } from '../steps/open/immutable-settings.ts'
import type { TargetLink } from '../steps/open/open-connections.ts'

/** Saves the ids of the groups that this Run created, before anything is written to them: in its plan, and in what the Activation knows. */
export async function saveCreatedGroups(
  { activation, ports, row, lease }: RunContext,
  link: TargetLink,
  resolved: TargetLink['resolved'],
): Promise<Notice[]> {
  const { toCreate } = link.resolved
  await saveRunGroups(ports.database, lease.runId, resolved.groups)
  for (const name of toCreate) {
    const { id = null } = resolved.groups.find((group) => group.name.toLowerCase() === name.toLowerCase()) ?? {}
    if (id === null) continue
    await nameCreatedGroup(ports.database, lease.runId, pendingGroup(name), id)
    await nameGroups(ports.database, lease.activationId, [{ pending: pendingGroup(name), id }])
  }
  if (toCreate.length > 0)
    await saveImmutableSettings(ports.database, row.id, immutableSettingsOf(activation, { ...link, resolved }))
  const { noun } = activation.object.group ?? {}
  return noun === undefined
    ? []
    : toCreate.map((name) => notice('group-created', `Created the ${noun.one} "${name}".`, { noun: noun.one, name }))
}
