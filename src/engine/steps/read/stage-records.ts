import { stagedLinks, stagedNames, stagedWhole } from '../../../bookkeeping/staged-records.ts'
import type { GroupId } from '../../../model/record.ts'
import { pendingGroup } from '../../../store/plans/operations.ts'
import { nameGroups } from '../../../store/snapshot/write-snapshot.ts'
import type { StagedRecords, StageRows } from '../../../store/snapshot/staged-records.ts'
import type { TargetLink } from '../open/open-connections.ts'
import type { RunContext } from '../../run-context.ts'
import { constantGroups } from './group-column.ts'
import { groupsOfNames } from './row-names.ts'

/**
 * The Records of a sealed Stage. `names`: the groups that rows name, by the name as compared; undefined if the Activation
 * names them. Entries about groups that did not exist when they were written get the groups' ids.
 */
export async function stageRecords(
  { activation, ports: { database }, lease, remember }: RunContext,
  link: TargetLink,
  rows: StageRows,
  names: ReadonlyMap<string, string> | undefined,
): Promise<StagedRecords> {
  if (activation.object.group === undefined) return stagedWhole(rows)
  const configured = (activation.settings as Readonly<Record<string, unknown>>)[activation.object.group.setting]
  const nameAt = (at: number, name: string): string =>
    Array.isArray(configured) && configured.length === link.resolved.groups.length ? String(configured[at]) : name
  // The placeholder has the name in the settings: the group may have another one by now.
  const byName: Iterable<readonly [string, GroupId]> =
    names === undefined
      ? link.resolved.groups.map(({ name, id }, at) => [nameAt(at, name), id ?? ''] as const)
      : groupsOfNames(link, names)
  const named = [...byName]
    .map(([name, id]) => ({ pending: pendingGroup(name), id }))
    .filter(({ pending, id }) => id !== '' && id !== pending)
  if (remember) await nameGroups(database, lease.activationId, named)
  return names === undefined
    ? stagedLinks(rows, constantGroups(link.resolved))
    : await stagedNames(database, rows, groupsOfNames(link, names))
}
