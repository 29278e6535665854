import { isEmpty, type FieldValue } from '../../model/field.ts'
import type { Match } from '../../model/observed.ts'
import type { Identity, Key } from '../../model/record.ts'
import { identifierFields } from '../steps/open/immutable-settings.ts'
import { unseenMs } from './kept-reads.ts'
import { recentRuns, targetsOfKeys, valuesWrittenLately, type RecentRun } from '../../store/ledger/recent-writes.ts'
import type { TargetLink } from '../steps/open/open-connections.ts'
import type { RunContext } from '../run-context.ts'
import { meetingOf } from '../steps/open/shared-groups.ts'

/** A Record whose target record is searched. */
export interface Sought {
  readonly key: Key
  /** The target record's id when the Record was last settled. */
  readonly targetId: string | null
  /** All its identifiers, the preferred one first. */
  readonly identities: readonly Identity[]
  /** Sent without a clear answer: the index may show all, some or nothing of it. */
  readonly unconfirmed?: boolean
}

/** The target records that a Record names: none, one, or several if an identifier is not unique. */
export interface FoundRecords {
  readonly matches: readonly Match[]
  /** Why there is none, if the Target reports it. */
  readonly remark?: string
}

export interface FindTargetRecords {
  find(records: readonly Sought[]): Promise<ReadonlyMap<Key, FoundRecords>>
}

export const nothingFound: FoundRecords = { matches: [] }

/** Limit of single reads per Run, for target records whose recent writes the index does not show. */
const mostReads = 1000

/**
 * Finds target records, many to a call: by their own ids if these are known and still have the identifier, otherwise by
 * the identifiers in order. The index may not show recent writes of any Activation: if it does not, or if a write is
 * unconfirmed, the target record is read directly.
 */
export async function openFindTargetRecords(context: RunContext, link: TargetLink): Promise<FindTargetRecords> {
  const {
    activation,
    activation: { object },
    ports: { database },
  } = context
  const finder = object.find
  if (finder === undefined) throw new Error(`${object.id} cannot be found by its identifiers`)
  const { ready } = link.resolved
  // Links do not change the values by which target records are found.
  const recent: readonly RecentRun[] =
    object.group === undefined
      ? await recentRuns(database, { ...meetingOf(context, link), withinMs: unseenMs(object) })
      : []
  let readsLeft = mostReads

  const findByIndex = async (field: string, values: readonly string[]): Promise<Map<string, readonly Match[]>> => {
    const found = new Map<string, readonly Match[]>()
    if (values.length === 0) return found
    for await (const { value, matches } of finder.find(link.io, ready, field, [...new Set(values)]))
      found.set(value, matches)
    const stale = await writtenSince([...found.values()].flat())
    return stale.size === 0
      ? found
      : new Map(
          [...found].map(([value, matches]) => [
            value,
            matches.flatMap((match) => stale.get(match.targetId) ?? [match]),
          ]),
        )
  }

  const readByIds = async (ids: readonly string[]): Promise<Map<string, FoundRecords>> => {
    const found = new Map<string, FoundRecords>()
    if (ids.length === 0) return found
    for await (const seen of object.read(
      link.io,
      ready,
      ids.map((value) => ({ field: 'id', value })),
    )) {
      const {
        identity: { value },
        groups,
        fields = {},
        createdAt,
        remark,
      } = seen
      if (groups !== null)
        found.set(value, {
          matches: [{ targetId: value, label: value, fields, ...(createdAt !== undefined && { createdAt }) }],
        })
      else if (remark !== undefined) found.set(value, { matches: [], remark })
    }
    return found
  }

  /**
   * Current values of matches for which the index does not show recent writes, by id. An empty list: the target record
   * is gone.
   */
  const writtenSince = async (shown: readonly Match[]): Promise<Map<string, readonly Match[]>> => {
    if (recent.length === 0 || shown.length === 0) return new Map()
    const byId = new Map(shown.map((match) => [match.targetId, match]))
    const written = new Map<string, Map<string, FieldValue> | null>()
    for (const { targetId, after } of await valuesWrittenLately(database, recent, [...byId.keys()])) {
      const known = written.get(targetId)
      written.set(
        targetId,
        after === null || known === null ? null : new Map([...(known ?? []), ...Object.entries(after)]),
      )
    }
    const unlike = [...written]
      .filter(
        ([id, values]) => values === null || [...values].some(([field, value]) => !isShown(byId.get(id), field, value)),
      )
      .map(([id]) => id)
    const read = unlike.slice(0, readsLeft)
    readsLeft -= read.length
    const now = await readByIds(read)
    const isRead = new Set(read)
    return new Map(
      unlike.map((id) => {
        const match = byId.get(id)
        if (match === undefined) return [id, []]
        if (!isRead.has(id))
          return [id, [{ ...match, fields: { ...match.fields, ...Object.fromEntries(written.get(id) ?? []) } }]]
        return [
          id,
          (now.get(id)?.matches ?? []).map(({ fields }) => ({ ...match, fields: { ...match.fields, ...fields } })),
        ]
      }),
    )
  }

  /**
   * A search leaves out target records that were created minutes ago or merged. Read by their own id, they are found.
   */
  const askForMissing = async (records: readonly Sought[], targetRecords: Map<Key, FoundRecords>): Promise<void> => {
    const missing = records.filter(({ key, identities }) => !targetRecords.has(key) && identities[0]?.field === 'id')
    const found = await readByIds(missing.map(({ identities }) => identities[0]?.value ?? ''))
    for (const { key, identities } of missing) {
      const finding = found.get(identities[0]?.value ?? '')
      if (finding !== undefined) targetRecords.set(key, finding)
    }
  }

  /** Finds target records that another Activation with the same identifiers created minutes ago. */
  const askForNew = async (records: readonly Sought[], targetRecords: Map<Key, FoundRecords>): Promise<void> => {
    const runs = recent.filter((run) => run.identifier === identifierFields(activation))
    const missing = records.filter(({ key }) => !targetRecords.has(key))
    if (runs.length === 0 || missing.length === 0) return
    const ids = await targetsOfKeys(
      database,
      runs,
      missing.map(({ key }) => key),
    )
    const now = await readByIds([...ids.values()])
    for (const { key, identities } of missing) {
      const [match] = now.get(ids.get(key) ?? '')?.matches ?? []
      if (match !== undefined && identities.some((identity) => carries(match, identity)))
        targetRecords.set(key, { matches: [match] })
    }
  }

  const folds = new Set(object.identifiers.filter(({ fold }) => fold).map(({ field }) => field))
  const carries = ({ targetId, fields }: Match, { field, value }: Identity): boolean => {
    if (field === 'id') return targetId === value
    const held = String(fields[field] ?? '')
    return (folds.has(field) ? held.toLowerCase() : held) === value
  }

  /** A match with its current values. Empty if the target record is gone, or no longer has the identifier. */
  const asNow = (match: Match, now: ReadonlyMap<string, FoundRecords>, identity: Identity | undefined): Match[] => {
    const [read] = now.get(match.targetId)?.matches ?? []
    if (read === undefined || (identity !== undefined && identity.field in read.fields && !carries(read, identity)))
      return []
    return [{ ...match, fields: { ...match.fields, ...read.fields } }]
  }

  return {
    async find(records) {
      const targetRecords = new Map<Key, FoundRecords>()
      const known = records.filter((record) => record.targetId !== null)
      const doubted = new Set(records.filter(({ unconfirmed = false }) => unconfirmed).map(({ key }) => key))
      const idsOf = (isDoubted: boolean) =>
        known.filter(({ key }) => doubted.has(key) === isDoubted).map(({ targetId }) => targetId ?? '')
      const indexed = await findByIndex('id', idsOf(false))
      const direct = await readByIds(idsOf(true))
      const knownMatch = new Map(
        known.map(({ key, targetId }) => [
          key,
          indexed.get(targetId ?? '')?.[0] ?? direct.get(targetId ?? '')?.matches[0],
        ]),
      )
      for (let turn = 0; ; turn += 1) {
        for (const { key, identities } of records) {
          const match = knownMatch.get(key)
          const identity = identities[turn]
          // A known target record counts only if it still has the identifier, and no earlier identifier matched another
          // one.
          if (match !== undefined && identity !== undefined && !targetRecords.has(key) && carries(match, identity))
            targetRecords.set(key, { matches: [match] })
        }
        const open = records.filter((record) => !targetRecords.has(record.key) && record.identities.length > turn)
        if (open.length === 0) break
        const byField = Map.groupBy(open, ({ identities }) => identities[turn]?.field ?? '')
        for (const [field, sought] of byField) {
          const found = await findByIndex(
            field,
            sought.map(({ identities }) => identities[turn]?.value ?? ''),
          )
          const shown = sought.map(({ key, identities }) => ({
            key,
            identity: identities[turn],
            matches: found.get(identities[turn]?.value ?? '') ?? [],
          }))
          const now = await readByIds([
            ...new Set(
              shown
                .filter(({ key }) => doubted.has(key))
                .flatMap(({ matches }) => matches.map(({ targetId }) => targetId)),
            ),
          ])
          for (const { key, identity, matches } of shown) {
            const are = doubted.has(key)
              ? matches.flatMap((match) => asNow(match, now, identity))
              : matches.filter((match) => !isKnownOtherwise(match, identity))
            if (are.length > 0) targetRecords.set(key, { matches: are })
          }
        }
      }
      await askForMissing(records, targetRecords)
      await askForNew(records, targetRecords)
      return targetRecords
    },
  }

  /** The match was corrected by a direct read or a recent write, and no longer has the identifier. */
  function isKnownOtherwise(match: Match, identity: Identity | undefined): boolean {
    return recent.length > 0 && identity !== undefined && identity.field in match.fields && !carries(match, identity)
  }
}

/** Whether a match shows a written value. A Field that the match does not contain is not compared. */
function isShown(match: Match | undefined, field: string, written: FieldValue): boolean {
  const shown = match?.fields[field]
  return shown === undefined || shown === written || (isEmpty(shown) && isEmpty(written))
}
