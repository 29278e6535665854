import { notice, type Notice } from '../../model/notice.ts'
import { refName } from '../../model/record.ts'
import { byUnknownClock } from '../../model/period.ts'
import type { Current, Intent, LinkDifference } from '../../rules/decide.ts'
import { isByUs } from '../../rules/authorship.ts'
import { lastAdditions, recentRuns } from '../../store/ledger/recent-writes.ts'
import { directField } from './addresses.ts'
import {
  chooseIndexLookup,
  keysByValue,
  groupIds,
  noneHold,
  unlessBlind,
  type IndexLookup,
} from './choose-index-lookup.ts'
import type { TargetLink } from '../steps/open/open-connections.ts'
import type { RunContext } from '../run-context.ts'
import { unseenMs } from './kept-reads.ts'
import { correctByLedger, type LinksOfRecord } from './recent-links.ts'
import { meetingOf } from '../steps/open/shared-groups.ts'

/** Limit of single reads per Run while it is planned, for Records on which the Ledger and the index disagree. */
const mostReads = 20

/** Looks up group holders in the Target before planning. */
export interface GroupLookup {
  /** The groups of each target record, as far as they are known, by `LinkDifference.record`. */
  at(links: readonly LinkDifference[]): Promise<ReadonlyMap<string, Current>>
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
export async function openGroupLookup(
  context: RunContext,
  link: TargetLink,
  expected: number,
  intent: Intent,
  report: (notice: Notice) => void,
): Promise<GroupLookup> {
  const {
    activation,
    ports: { database },
  } = context
  const blind = (why: string): void =>
    report(
      notice(
        'index-not-asked',
        `The search index of the Target cannot be used, so Tailrace does not know what is already in place and sends every write: ${why}`,
        { reason: why },
      ),
    )
  const groups = groupIds(link)
  const lately = await recentRuns(database, { ...meetingOf(context, link), withinMs: unseenMs(activation.object) })
  const recent = lately.filter((run) => run.rowsNameThem || run.groups.some((group) => groups.includes(group)))
  let listing: IndexLookup | undefined = await unlessBlind(
    () => chooseIndexLookup(link, directField(activation), expected),
    blind,
  )
  let readsLeft = mostReads
  return {
    // If a later read cannot show since when a link exists, an index that lags is not enough.
    seesNobody:
      listing === noneHold && recent.length === 0 && (groups.length === 0 || activation.object.group?.untold !== true),
    async at(links) {
      const currents = new Map<string, Current>()
      const isRead = ({ reason }: LinkDifference): boolean =>
        reason === 'left' || (reason === 'unconfirmed' && activation.ownership === 'adopt' && !intent.takesOff)
      const direct = new Set(links.filter(isRead).map(({ record }) => record))
      if (direct.size > 0)
        await readGroupsDirectly(
          context,
          link,
          links.filter(({ record }) => direct.has(record)),
          currents,
        )
      const wanted = byRecord(links.filter(({ record, reason }) => !direct.has(record) && reason !== 'unconfirmed'))
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
      const unread = new Set(read.map(({ key }) => key))
      if (read.length > 0)
        await readGroupsDirectly(
          context,
          link,
          links.filter(({ record }) => unread.has(record)),
          currents,
        )
      return currents
    },
  }
}

/** The links to look up of each Key and target record. */
function byRecord(links: readonly LinkDifference[]): LinksOfRecord[] {
  const records = new Map<string, LinksOfRecord & { desired: string[] }>()
  for (const { record, key, group, identity, targetId } of links) {
    const known = records.get(record)
    if (known === undefined) records.set(record, { key: record, ownKey: key, identity, targetId, desired: [group] })
    else known.desired.push(group)
  }
  return [...records.values()]
}

/** Reads each target record directly, and determines which of its groups are external. */
async function readGroupsDirectly(
  context: RunContext,
  link: TargetLink,
  links: readonly LinkDifference[],
  into: Map<string, Current>,
): Promise<void> {
  const { object } = context.activation
  const records = byRecord(links)
  const keysOf = keysByValue(records)
  const ourTimes = await lastAdditions(context.ports.database, context.lease.activationId, [
    ...new Set(links.map(({ key }) => key)),
  ])
  const keyOf = new Map(links.map(({ record, key }) => [record, key]))
  const unconfirmed = new Map(
    links.map((each) => [refName({ key: each.record, group: each.group }), each.sent ?? undefined]),
  )
  for await (const seen of object.read(
    link.io,
    link.resolved.ready,
    records.map(({ identity }) => identity),
  )) {
    for (const record of keysOf(seen.identity)) {
      const added = ourTimes.get(keyOf.get(record) ?? '')
      const external = (seen.groups ?? []).filter((group) => {
        const sent = unconfirmed.get(refName({ key: record, group: group.id }))
        return !isByUs(group, added?.get(group.id)) && !(sent !== undefined && isByUs(group, byUnknownClock(sent)))
      })
      into.set(record, {
        held: new Set(seen.groups?.map(({ id }) => id)),
        external: new Set(external.map(({ id }) => id)),
        isDirect: true,
        ...(seen.targetId !== undefined && { targetId: seen.targetId }),
        ...(seen.identities !== undefined && { identities: seen.identities }),
      })
    }
  }
}
