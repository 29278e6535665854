import { notice, type Notice } from '../../model/notice.ts'
import type { Key } from '../../model/record.ts'
import { byUnknownClock } from '../../model/period.ts'
import { isStale, type Difference, type Intent, type Current } from '../../rules/decide.ts'
import { isByUs } from '../../rules/authorship.ts'
import { lastAdditions, recentRuns } from '../../store/ledger/recent-writes.ts'
import { directField } from './addresses.ts'
import { chooseIndexLookup, keysByValue, groupIds, noneHold, unlessBlind, type IndexLookup } from './choose-index-lookup.ts'
import type { TargetLink } from '../steps/open/open-connections.ts'
import type { RunContext } from '../run-context.ts'
import { unseenMs } from './index-lag.ts'
import { correctByLedger } from './recent-links.ts'
import { meetingOf } from '../steps/open/shared-groups.ts'

/** So many Records of a Run, at most, are read one by one while it is planned because our own books and the index do not agree about them. */
const mostReads = 20

/** Looks at the Target before anything is planned for it. */
export interface GroupLookup {
  /** What each of these holds, as far as it is known. */
  at(differences: readonly Difference[]): Promise<ReadonlyMap<Key, Current>>
  /** Surely nothing carries any of the members. */
  readonly seesNobody: boolean
}

/**
 * Chooses, once for the Run, what costs fewer calls: listing who carries the members, or asking about the wanted things in groups. The index
 * lags, so it is held against what any Activation wrote there lately; where the two do not agree about a few, these are read, and
 * more are read right before they are written. What is in doubt is read, too, where all that stands is to be ours. What is to be taken off is always read directly, one by one, since nothing else tells whose it is by now.
 */
export async function openGroupLookup(context: RunContext, link: TargetLink, expected: number, intent: Intent, report: (notice: Notice) => void): Promise<GroupLookup> {
  const { activation, ports: { database } } = context
  const blind = (why: string): void => report(notice('index-not-asked', `What is there already could not be looked up, so everything is sent: ${why}`, { reason: why }))
  const groups = groupIds(link)
  const lately = await recentRuns(database, { ...meetingOf(context, link), withinMs: unseenMs })
  const recent = lately.filter((run) => run.rowsNameThem || run.groups.some((group) => groups.includes(group)))
  let listing: IndexLookup | undefined = await unlessBlind(() => chooseIndexLookup(link, directField(activation), expected), blind)
  let readsLeft = mostReads
  return {
    // Where nobody tells later since when something is there, an index that lags is not enough.
    seesNobody: listing === noneHold && recent.length === 0 && (groups.length === 0 || activation.object.group?.untold !== true),
    async at(differences) {
      const currents = new Map<Key, Current>()
      const leaving = differences.filter((difference) => isStale(difference, intent))
      const wanted = differences.filter((difference) => !isStale(difference, intent) && difference.reason !== 'unconfirmed')
      const doubted = activation.ownership === 'adopt' && !intent.takesOff ? differences.filter((difference) => !isStale(difference, intent) && difference.reason === 'unconfirmed') : []
      if (leaving.length + doubted.length > 0) await readGroupsDirectly(context, link, [...leaving, ...doubted], currents)
      const chosen = listing
      if (wanted.length > 0 && chosen !== undefined) {
        listing = await unlessBlind(async () => {
          await chosen(wanted, currents)
          return chosen
        }, blind)
      }
      if (recent.length === 0 || wanted.length === 0) return currents
      const unsure = await correctByLedger(context, recent, groups, wanted, currents)
      const read = unsure.slice(0, readsLeft)
      readsLeft -= read.length
      if (read.length > 0) await readGroupsDirectly(context, link, read, currents)
      return currents
    },
  }
}

/** Reads each of them, and tells what of it is not ours. */
async function readGroupsDirectly(context: RunContext, link: TargetLink, differences: readonly Difference[], into: Map<Key, Current>): Promise<void> {
  const { object } = context.activation
  const keysOf = keysByValue(differences)
  const ourTimes = await lastAdditions(context.ports.database, context.lease.activationId, differences.map(({ key }) => key))
  const unconfirmed = new Map(differences.map(({ key, sent }) => [key, sent ?? undefined]))
  for await (const seen of object.read(link.io, link.resolved.ready, differences.map(({ identity }) => identity))) {
    for (const key of keysOf(seen.identity)) {
      const sent = unconfirmed.get(key)
      const wrote = (group: string) => ourTimes.get(key)?.get(group)
      const external = (seen.groups ?? []).filter((group) => !isByUs(group, wrote(group.id)) && !(sent !== undefined && isByUs(group, byUnknownClock(sent))))
      into.set(key, {
        held: new Set(seen.groups?.map(({ id }) => id)), external: new Set(external.map(({ id }) => id)), isDirect: true,
        ...seen.targetId !== undefined && { targetId: seen.targetId }, ...seen.identities !== undefined && { identities: seen.identities },
      })
    }
  }
}
