import { Fault } from '../../../model/fault.ts'
import { notice, type Notice } from '../../../model/notice.ts'
import { findSharers, lastFields } from '../../../store/snapshot/shared-links.ts'
import type { TargetLink } from './open-connections.ts'
import type { RunContext } from '../../run-context.ts'
import { lostLease } from '../../faults/lost-lease.ts'
import { groupColumn } from '../read/group-column.ts'
import { fieldWords } from './shared-config.ts'
import { meetingOf, overlapping, sharingWords } from './shared-groups.ts'

export interface Met {
  /** Other Activations were running before: what was read from the Target may be outdated. */
  readonly hasWaited: boolean
  /** Notices for the report. */
  readonly notices: readonly Notice[]
}

/**
 * Of Activations that write to the same groups, only one plans and writes at a time: what one desires must be settled
 * before another one removes it. Each Run locks its groups, because another Run may start at any time. A Plan does not
 * lock; it only reports the others. `fields`: the Fields that this Activation writes, for Records with values.
 */
export async function meetOthers(
  context: RunContext,
  link: TargetLink,
  fields: readonly string[],
  isOver: () => boolean,
): Promise<Met> {
  const { activation, ports, remember, signal } = context
  const { group } = activation.object
  if (group === undefined)
    return { hasWaited: false, notices: remember ? [] : await sharedFieldNotices(context, link, fields) }
  const meeting = meetingOf(context, link)
  if (!remember)
    return {
      hasWaited: false,
      notices: sharingWords(context, link, overlapping(context, link, await findSharers(ports.database, meeting))),
    }
  const stop = AbortSignal.any([signal, ports.stop])
  const got = await context.lockGroups(
    {
      meeting: JSON.stringify([meeting.accountId, meeting.object]),
      groups: groupColumn(activation) === undefined ? claimed(link) : 'all',
    },
    { stop, isOver },
  )
  if (got !== undefined) return { hasWaited: got === 'after a while', notices: [] }
  const lost = lostLease(signal)
  if (lost !== undefined) throw lost
  if (stop.aborted) throw new Fault('cancelled', 'Cancelled before anything was sent.', { code: 'cancelled' })
  const others = overlapping(context, link, await findSharers(ports.database, meeting)).map(({ name }) => `"${name}"`)
  throw new Fault(
    'transient',
    `Other activations that write to the same ${group.noun.one} were running until the time limit was reached${others.length === 0 ? '' : `: ${others.join(', ')}`}.`,
    {
      code: 'shared-group-busy',
      advice: 'Run it again when they are done, or schedule them further apart.',
    },
  )
}

/** By id and by name: for an Activation that will create the group, it has no id yet. */
function claimed({ resolved }: TargetLink): readonly string[] {
  return [
    ...new Set(
      resolved.groups.flatMap(({ name, id }) => [`name ${name.toLowerCase()}`, ...(id === null ? [] : [`id ${id}`])]),
    ),
  ]
}

async function sharedFieldNotices(context: RunContext, link: TargetLink, fields: readonly string[]): Promise<Notice[]> {
  const {
    activation,
    ports: { database },
  } = context
  const sharers = await findSharers(database, meetingOf(context, link))
  const written =
    sharers.length === 0
      ? new Map<number, readonly string[]>()
      : await lastFields(
          database,
          sharers.map(({ id }) => id),
        )
  return sharers.flatMap(({ id, name, behavior }) => {
    const words = fieldWords(fields.filter((field) => written.get(id)?.includes(field) === true))
    return words === undefined
      ? []
      : [
          notice(
            'shared-field',
            `"${activation.name}" and "${name}" (${behavior}) both write ${words} of the same kind of record of this account. The last Run wins.`,
            { activation: name, behavior },
          ),
        ]
  })
}
