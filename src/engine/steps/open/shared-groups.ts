import { behaviors } from '../../../behaviors/registry.gen.ts'
import { notice, type Notice } from '../../../model/notice.ts'
import type { Key } from '../../../model/record.ts'
import {
  countLeftAlone,
  findSharers,
  readDesiredElsewhere,
  type Leaving,
  type Meeting,
  type Sharer,
  type DesiredElsewhere,
} from '../../../store/snapshot/shared-links.ts'
import { groupIds } from '../../lookup/choose-index-lookup.ts'
import type { TargetLink } from './open-connections.ts'
import type { StagedRecords } from '../../../store/snapshot/staged-records.ts'
import type { RunContext } from '../../run-context.ts'
import { groupColumn } from '../read/group-column.ts'

/** Ids of the behaviors that add links for what the query returns. */
const wanting = Object.values(behaviors)
  .filter(({ plan }) => plan.added === 'attach')
  .map(({ id }) => id)

/** The scope in which this Activation may meet others: the same object of the same account. */
export function meetingOf({ activation, lease }: Pick<RunContext, 'activation' | 'lease'>, link: TargetLink): Meeting {
  return { activationId: lease.activationId, accountId: link.account.accountId, object: activation.object.id }
}

/**
 * Activations that may write to the same groups: by id, by name if a group does not exist yet, or because their rows
 * name groups.
 */
export function overlapping(
  { activation }: Pick<RunContext, 'activation'>,
  link: TargetLink,
  sharers: readonly Sharer[],
): readonly Sharer[] {
  if (activation.object.group === undefined || groupColumn(activation) !== undefined) return sharers
  const groups = groupIds(link)
  return sharers.filter(
    (sharer) =>
      sharer.rowsNameThem ||
      sharer.groups.some((group) => groups.includes(group)) ||
      link.resolved.groups.some(({ name }) => isNewTo(sharer, name)),
  )
}

function isNewTo({ newGroups }: Sharer, name: string): boolean {
  return newGroups.some((other) => other.toLowerCase() === name.toLowerCase())
}

/** Notices about several Activations that write to the same groups. */
export function sharingWords(
  { activation }: Pick<RunContext, 'activation'>,
  link: TargetLink,
  sharers: readonly Sharer[],
): Notice[] {
  const { group, noun } = activation.object
  if (group === undefined) return []
  return overlapping({ activation }, link, sharers).map((sharer) => {
    const shared = link.resolved.groups
      .filter(({ name, id }) => (id !== null && sharer.groups.includes(id)) || isNewTo(sharer, name))
      .map(({ name }) => `"${name}"`)
    const isDetach = sharer.behavior === 'detach'
    const names = sharer.rowsNameThem
      ? 'from its rows, perhaps the same ones,'
      : `that the rows of "${activation.name}" can also contain,`
    const what = shared.length > 0 ? `the ${group.noun.one} ${shared.join(', ')}` : `${group.noun.one} names ${names}`
    const detaches = isDetach ? sharer.name : activation.behavior.plan.added === 'detach' ? activation.name : undefined
    const words =
      `"${activation.name}" and "${sharer.name}" (${sharer.behavior}) write to the same ${group.noun.one}: "${sharer.name}" ${isDetach ? 'removes' : 'adds'} ${what} ${isDetach ? 'from' : 'to'} ${noun.many} of the same account. ` +
      (detaches === undefined
        ? 'What one of them still requests is not removed.'
        : `"${detaches}" also removes what the other one requests.`)
    return notice('shared-group', words, { activation: sharer.name, behavior: sharer.behavior })
  })
}

/**
 * Minimum number of removed Records that no other Activation or Record can desire. Undefined for objects without
 * groups, and for behaviors that do not remove.
 */
export async function leftAlone(
  context: RunContext,
  link: TargetLink,
  staged: StagedRecords,
): Promise<number | undefined> {
  const {
    activation: { object, behavior },
    lease,
    ports: { database },
  } = context
  if (object.group === undefined || behavior.plan.removed === null) return undefined
  const others = overlapping(context, link, await findSharers(database, meetingOf(context, link)))
  return await countLeftAlone(
    database,
    lease.activationId,
    staged,
    others.map(({ id }) => id),
  )
}

/**
 * For each Record, the groups that stay because others desire them, and which Activation does. `staged`: the query's
 * current result.
 */
export async function findDesiredElsewhere(
  context: RunContext,
  link: TargetLink,
  leaving: readonly Leaving[],
  staged?: StagedRecords,
): Promise<ReadonlyMap<Key, ReadonlyMap<string, string>>> {
  const desiredElsewhere = await readDesiredElsewhere(
    context.ports.database,
    meetingOf(context, link),
    wanting,
    leaving,
    staged,
  )
  return byKey(desiredElsewhere)
}

function byKey(desiredElsewhere: readonly DesiredElsewhere[]): ReadonlyMap<Key, ReadonlyMap<string, string>> {
  const found = new Map<Key, Map<string, string>>()
  for (const { key, group, activation } of desiredElsewhere)
    found.set(key, (found.get(key) ?? new Map<string, string>()).set(group, activation))
  return found
}
