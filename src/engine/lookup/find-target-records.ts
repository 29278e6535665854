import { isEmpty, type FieldValue } from '../../model/field.ts'
import type { Match } from '../../model/observed.ts'
import type { Identity, Key } from '../../model/record.ts'
import { identifierFields } from '../steps/open/immutable-settings.ts'
import { unseenMs } from './index-lag.ts'
import { recentRuns, targetsOfKeys, valuesWrittenLately, type RecentRun } from '../../store/ledger/recent-writes.ts'
import type { TargetLink } from '../steps/open/open-connections.ts'
import type { RunContext } from '../run-context.ts'
import { meetingOf } from '../steps/open/shared-groups.ts'

/** A Record whose thing is sought. */
export interface Sought {
  readonly key: Key
  /** What it was when it was last settled. */
  readonly targetId: string | null
  /** All its identifiers, the preferred one first. */
  readonly identities: readonly Identity[]
  /** Sent, with no clear answer: nobody knows how much of it the index shows. */
  readonly unconfirmed?: boolean
}

/** The things that a Record names: none, one, or, where an identifier is not unique, several. */
export interface FoundRecords {
  readonly matches: readonly Match[]
  /** Why there is none, where the Target tells. */
  readonly remark?: string
}

export interface FindTargetRecords {
  find(records: readonly Sought[]): Promise<ReadonlyMap<Key, FoundRecords>>
}

export const nothingFound: FoundRecords = { matches: [] }

/** So many things of a Run, at most, are read one by one because the index does not show what was written to them lately. */
const mostReads = 1000

/**
 * Finds things many to a call: by their own ids where these are known and still carry the identifier, else by the identifiers in
 * order. What any Activation wrote there lately the index may not show: where it does not, or where a write is in doubt, the thing itself is read.
 */
export async function openFindTargetRecords(context: RunContext, link: TargetLink): Promise<FindTargetRecords> {
  const { activation, activation: { object }, ports: { database } } = context
  const finder = object.find
  if (finder === undefined) throw new Error(`${object.id} cannot be found by its identifiers`)
  const { ready } = link.resolved
  // What is put on a thing changes nothing of what it is found by.
  const recent: readonly RecentRun[] = object.group === undefined ? await recentRuns(database, { ...meetingOf(context, link), withinMs: unseenMs }) : []
  let readsLeft = mostReads

  const findByIndex = async (field: string, values: readonly string[]): Promise<Map<string, readonly Match[]>> => {
    const found = new Map<string, readonly Match[]>()
    if (values.length === 0) return found
    for await (const { value, matches } of finder.find(link.io, ready, field, [...new Set(values)])) found.set(value, matches)
    const stale = await writtenSince([...found.values()].flat())
    return stale.size === 0 ? found : new Map([...found].map(([value, matches]) => [value, matches.flatMap((match) => stale.get(match.targetId) ?? [match])]))
  }

  const readByIds = async (ids: readonly string[]): Promise<Map<string, FoundRecords>> => {
    const found = new Map<string, FoundRecords>()
    if (ids.length === 0) return found
    for await (const seen of object.read(link.io, ready, ids.map((value) => ({ field: 'id', value })))) {
      const { identity: { value }, groups, fields = {}, createdAt, remark } = seen
      if (groups !== null) found.set(value, { matches: [{ targetId: value, label: value, fields, ...createdAt !== undefined && { createdAt } }] })
      else if (remark !== undefined) found.set(value, { matches: [], remark })
    }
    return found
  }

  /** The same things as they are by now, for those that the index does not show as they were written lately. None: it is gone. */
  const writtenSince = async (shown: readonly Match[]): Promise<Map<string, readonly Match[]>> => {
    if (recent.length === 0 || shown.length === 0) return new Map()
    const byId = new Map(shown.map((match) => [match.targetId, match]))
    const written = new Map<string, Map<string, FieldValue> | null>()
    for (const { targetId, after } of await valuesWrittenLately(database, recent, [...byId.keys()])) {
      const known = written.get(targetId)
      written.set(targetId, after === null || known === null ? null : new Map([...known ?? [], ...Object.entries(after)]))
    }
    const unlike = [...written].filter(([id, values]) => values === null || [...values].some(([field, value]) => !isShown(byId.get(id), field, value))).map(([id]) => id)
    const read = unlike.slice(0, readsLeft)
    readsLeft -= read.length
    const now = await readByIds(read)
    const isRead = new Set(read)
    return new Map(unlike.map((id) => {
      const match = byId.get(id)
      if (match === undefined) return [id, []]
      if (!isRead.has(id)) return [id, [{ ...match, fields: { ...match.fields, ...Object.fromEntries(written.get(id) ?? []) } }]]
      return [id, (now.get(id)?.matches ?? []).map(({ fields }) => ({ ...match, fields: { ...match.fields, ...fields } }))]
    }))
  }

  /** A search leaves out what was made minutes ago, and what was merged: by its own id a thing can be asked for itself. */
  const askForMissing = async (records: readonly Sought[], targetRecords: Map<Key, FoundRecords>): Promise<void> => {
    const missing = records.filter(({ key, identities }) => !targetRecords.has(key) && identities[0]?.field === 'id')
    const found = await readByIds(missing.map(({ identities }) => identities[0]?.value ?? ''))
    for (const { key, identities } of missing) {
      const finding = found.get(identities[0]?.value ?? '')
      if (finding !== undefined) targetRecords.set(key, finding)
    }
  }

  /** What another Activation whose Records go by the same identifiers brought there minutes ago. */
  const askForNew = async (records: readonly Sought[], targetRecords: Map<Key, FoundRecords>): Promise<void> => {
    const runs = recent.filter((run) => run.identifier === identifierFields(activation))
    const missing = records.filter(({ key }) => !targetRecords.has(key))
    if (runs.length === 0 || missing.length === 0) return
    const ids = await targetsOfKeys(database, runs, missing.map(({ key }) => key))
    const now = await readByIds([...ids.values()])
    for (const { key, identities } of missing) {
      const [match] = now.get(ids.get(key) ?? '')?.matches ?? []
      if (match !== undefined && identities.some((identity) => carries(match, identity))) targetRecords.set(key, { matches: [match] })
    }
  }

  const folds = new Set(object.identifiers.filter(({ fold }) => fold).map(({ field }) => field))
  const carries = ({ targetId, fields }: Match, { field, value }: Identity): boolean => {
    if (field === 'id') return targetId === value
    const held = String(fields[field] ?? '')
    return (folds.has(field) ? held.toLowerCase() : held) === value
  }

  /** What the index showed as it is by now; nothing, where it is gone, or no longer what was sought. */
  const asNow = (match: Match, now: ReadonlyMap<string, FoundRecords>, identity: Identity | undefined): Match[] => {
    const [read] = now.get(match.targetId)?.matches ?? []
    if (read === undefined || (identity !== undefined && identity.field in read.fields && !carries(read, identity))) return []
    return [{ ...match, fields: { ...match.fields, ...read.fields } }]
  }

  return {
    async find(records) {
      const targetRecords = new Map<Key, FoundRecords>()
      const known = records.filter((record) => record.targetId !== null)
      const doubted = new Set(records.filter(({ unconfirmed = false }) => unconfirmed).map(({ key }) => key))
      const idsOf = (isDoubted: boolean) => known.filter(({ key }) => doubted.has(key) === isDoubted).map(({ targetId }) => targetId ?? '')
      const indexed = await findByIndex('id', idsOf(false))
      const direct = await readByIds(idsOf(true))
      const knownMatch = new Map(known.map(({ key, targetId }) => [key, indexed.get(targetId ?? '')?.[0] ?? direct.get(targetId ?? '')?.matches[0]]))
      for (let turn = 0; ; turn += 1) {
        for (const { key, identities } of records) {
          const match = knownMatch.get(key)
          const identity = identities[turn]
          // Carrying another identifier by now, it is not the thing that the row names; nor where an earlier one names another.
          if (match !== undefined && identity !== undefined && !targetRecords.has(key) && carries(match, identity)) targetRecords.set(key, { matches: [match] })
        }
        const open = records.filter((record) => !targetRecords.has(record.key) && record.identities.length > turn)
        if (open.length === 0) break
        const byField = Map.groupBy(open, ({ identities }) => identities[turn]?.field ?? '')
        for (const [field, sought] of byField) {
          const found = await findByIndex(field, sought.map(({ identities }) => identities[turn]?.value ?? ''))
          const shown = sought.map(({ key, identities }) => ({ key, identity: identities[turn], matches: (found.get(identities[turn]?.value ?? '') ?? []) }))
          const now = await readByIds([...new Set(shown.filter(({ key }) => doubted.has(key)).flatMap(({ matches }) => matches.map(({ targetId }) => targetId)))])
          for (const { key, identity, matches } of shown) {
            const are = doubted.has(key) ? matches.flatMap((match) => asNow(match, now, identity)) : matches.filter((match) => !isKnownOtherwise(match, identity))
            if (are.length > 0) targetRecords.set(key, { matches: are })
          }
        }
      }
      await askForMissing(records, targetRecords)
      await askForNew(records, targetRecords)
      return targetRecords
    },
  }

  /** Read after the index showed it, and no longer what was sought. */
  function isKnownOtherwise(match: Match, identity: Identity | undefined): boolean {
    return recent.length > 0 && identity !== undefined && identity.field in match.fields && !carries(match, identity)
  }
}

/** Fields that a Match does not speak of matter to nobody here. */
function isShown(match: Match | undefined, field: string, written: FieldValue): boolean {
  const shown = match?.fields[field]
  return shown === undefined || shown === written || (isEmpty(shown) && isEmpty(written))
}
