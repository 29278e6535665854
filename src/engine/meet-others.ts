import { Fault } from '../model/fault.ts'
import { notice, type Notice } from '../model/notice.ts'
import { lockGroup, type GroupLock } from '../store/group-lock.ts'
import { findSharers, lastFields } from '../store/shared-links.ts'
import type { TargetLink } from './connections.ts'
import type { Held } from './held.ts'
import { fieldWords } from './shared-config.ts'
import { meetingOf, overlapping, sharingWords } from './shared-groups.ts'

export interface Met {
  /** Held until the Run has ended; undefined where nobody else writes to the same. */
  readonly lock: GroupLock | undefined
  /** What people should know. */
  readonly notices: readonly Notice[]
}

/**
 * Where other Activations write to the same members, one of them plans and writes at a time: what one wants must be settled before another
 * takes it off. A Plan only tells of them. `fields`: those that this Activation writes, for Records with values.
 */
export async function meetOthers(held: Held, link: TargetLink, fields: readonly string[], isOver: () => boolean): Promise<Met> {
  const { activation: { object }, ports, remember, signal } = held
  if (object.members === undefined) return { lock: undefined, notices: remember ? [] : await sharedFieldNotices(held, link, fields) }
  const meeting = meetingOf(held, link)
  const others = overlapping(held, link, await findSharers(ports.database, meeting))
  if (others.length === 0) return { lock: undefined, notices: [] }
  if (!remember) return { lock: undefined, notices: sharingWords(held, link, others) }
  const lock = await lockGroup(ports.database, JSON.stringify([meeting.accountId, meeting.object]), AbortSignal.any([signal, ports.stop]), isOver)
  if (lock !== undefined) return { lock, notices: [] }
  if (ports.stop.aborted) throw new Fault('cancelled', 'Stopped before anything was sent.', { code: 'cancelled' })
  throw new Fault('transient', `Others that write to the same ${object.members.noun} were at work until the time limit was reached: ${others.map(({ name }) => `"${name}"`).join(', ')}.`, {
    code: 'shared-group-busy', advice: 'Run it again once they are done, or give them schedules further apart.',
  })
}

async function sharedFieldNotices(held: Held, link: TargetLink, fields: readonly string[]): Promise<Notice[]> {
  const { activation, ports: { database } } = held
  const sharers = await findSharers(database, meetingOf(held, link))
  const written = sharers.length === 0 ? new Map<number, readonly string[]>() : await lastFields(database, sharers.map(({ id }) => id))
  return sharers.flatMap(({ id, name, behavior }) => {
    const words = fieldWords(fields.filter((field) => written.get(id)?.includes(field) === true))
    return words === undefined ? [] : [notice('shared-field', `"${activation.name}" and "${name}" (${behavior}) both write ${words} of the same kind of record of this account: whichever runs last wins.`, { activation: name, behavior })]
  })
}
