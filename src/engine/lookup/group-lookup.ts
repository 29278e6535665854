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

/** Limit of single reads per Run while it is planned, for Records on which the Ledger and the index disagree. */
const mostReads = 20

/** Looks up group holders in the Target before planning. */
export interface GroupLookup {
  /** The groups of each target record, as far as they are known. */
  at(differences: readonly Difference[]): Promise<ReadonlyMap<Key, Current>>
  /** Certain that no target record is in any of the groups. */
  readonly seesNobody: boolean
}

/**
 * Chooses once per Run what costs fewer calls: listing the holders of the groups, or looking up the desired target
 * records in batches. The index lags, so its answers are compared with recent writes of any Activation. If a few
 * Records disagree, they are read; further ones are read right before they are written. Unconfirmed Records are read as
 * well if existing links are to be adopted. Links to remove are always read directly, because nothing else shows who
 * manages them now.
 */
export async function openGroupLookup(context: RunContext, link: TargetLink, expected: number, intent: Intent, report: (notice: Notice) => void): Promise<GroupLookup> {
  const { activation, ports: { database } } = context
  const blind = (why: string): void => report(notice('index-not-asked', `The search index of the Target cannot be used, so Tailrace does not know what is already in place and sends every write: ${why}`, { reason: why }))
  const groups = groupIds(link)
  const lately = await recentRuns(database, { ...meetingOf(context, link), withinMs: unseenMs })
  const recent = lately.filter((run) => run.rowsNameThem || run.groups.some((group) => groups.includes(group)))
  let listing: IndexLookup | undefined = await unlessBlind(() => chooseIndexLookup(link, directField(activation), expected), blind)
  let readsLeft = mostReads
  return {
    // If a later read cannot show since when a link exists, an index that lags is not enough.
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

/** Reads each target record directly, and determines which of its groups are external. */
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
