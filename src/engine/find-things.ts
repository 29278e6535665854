import type { Match } from '../model/observed.ts'
import type { Identity, Key } from '../model/record.ts'
import { indexLagMs } from './index-lag.ts'
import { recentRuns, writtenLately } from '../store/recent-writes.ts'
import type { TargetLink } from './connections.ts'
import type { Held } from './held.ts'

/** A Record whose thing is sought. */
export interface Sought {
  readonly key: Key
  /** What it was when it was last settled. */
  readonly targetId: string | null
  /** All its identifiers, the preferred one first. */
  readonly identities: readonly Identity[]
  /** Sent, with no clear answer: nobody knows how much of it the index shows. */
  readonly inDoubt?: boolean
}

/** The things that a Record names: none, one, or, where an identifier is not unique, several. */
export interface Finding {
  readonly matches: readonly Match[]
  /** Why there is none, where the Target tells. */
  readonly remark?: string
}

export interface FindThings {
  find(records: readonly Sought[]): Promise<ReadonlyMap<Key, Finding>>
}

export const nothingFound: Finding = { matches: [] }

/**
 * Finds things many to a call: by their own ids where these are known and still carry the identifier, else by the identifiers in
 * order. What we wrote a moment ago, or is in doubt, the index may not show as it is, so that is read directly.
 */
export async function openFindThings(held: Held, link: TargetLink): Promise<FindThings> {
  const { activation: { object, identifier }, ports } = held
  const finder = object.find
  if (finder === undefined) throw new Error(`${object.id} cannot be found by its identifiers`)
  const { ready } = link.resolved
  const recent = await recentRuns(ports.database, object.id, indexLagMs)

  const lookUp = async (field: string, values: readonly string[]): Promise<Map<string, readonly Match[]>> => {
    const found = new Map<string, readonly Match[]>()
    if (values.length === 0) return found
    for await (const { value, matches } of finder.find(link.io, ready, field, [...new Set(values)])) found.set(value, matches)
    return found
  }

  const readDirectly = async (ids: readonly string[]): Promise<Map<string, Finding>> => {
    const found = new Map<string, Finding>()
    if (ids.length === 0) return found
    for await (const seen of object.observe(link.io, ready, ids.map((value) => ({ field: 'id', value })))) {
      const { identity: { value }, members, fields = {}, createdAt, remark } = seen
      if (members !== null) found.set(value, { matches: [{ targetId: value, label: value, fields, ...createdAt !== undefined && { createdAt } }] })
      else if (remark !== undefined) found.set(value, { matches: [], remark })
    }
    return found
  }

  /** A search leaves out what was made minutes ago, and what was merged: by its own id a thing can be asked for itself. */
  const askForMissing = async (records: readonly Sought[], things: Map<Key, Finding>): Promise<void> => {
    const missing = records.filter(({ key, identities }) => !things.has(key) && identities[0]?.field === 'id')
    const told = await readDirectly(missing.map(({ identities }) => identities[0]?.value ?? ''))
    for (const { key, identities } of missing) {
      const finding = told.get(identities[0]?.value ?? '')
      if (finding !== undefined) things.set(key, finding)
    }
  }

  const folds = new Set(object.identifiers.filter(({ fold }) => fold).map(({ field }) => field))
  const carries = ({ targetId, fields }: Match, { field, value }: Identity): boolean => {
    if (field === 'id') return targetId === value
    const held = String(fields[field] ?? '')
    return (folds.has(field) ? held.toLowerCase() : held) === value
  }

  /** What the index showed as it is by now; nothing, where it is gone, or no longer what was sought. */
  const asNow = (match: Match, now: ReadonlyMap<string, Finding>, identity: Identity | undefined): Match[] => {
    const [read] = now.get(match.targetId)?.matches ?? []
    if (read === undefined || (identity !== undefined && identity.field in read.fields && !carries(read, identity))) return []
    return [{ ...match, fields: { ...match.fields, ...read.fields } }]
  }

  return {
    async find(records) {
      const things = new Map<Key, Finding>()
      const known = records.filter((record) => record.targetId !== null)
      const same = recent.filter((run) => run.identifier === identifier.field)
      const lately = same.length === 0 ? new Set<Key>() : await writtenLately(ports.database, same, records.map(({ key }) => key))
      const fresh = new Set([...lately, ...records.filter(({ inDoubt = false }) => inDoubt).map(({ key }) => key)])
      const idsOf = (isFresh: boolean) => known.filter(({ key }) => fresh.has(key) === isFresh).map(({ targetId }) => targetId ?? '')
      const indexed = await lookUp('id', idsOf(false))
      const direct = await readDirectly(idsOf(true))
      const knownMatch = new Map(known.map(({ key, targetId }) => [key, indexed.get(targetId ?? '')?.[0] ?? direct.get(targetId ?? '')?.matches[0]]))
      for (let turn = 0; ; turn += 1) {
        for (const { key, identities } of records) {
          const match = knownMatch.get(key)
          const identity = identities[turn]
          // Carrying another identifier by now, it is not the thing that the row names; nor where an earlier one names another.
          if (match !== undefined && identity !== undefined && !things.has(key) && carries(match, identity)) things.set(key, { matches: [match] })
        }
        const open = records.filter((record) => !things.has(record.key) && record.identities.length > turn)
        if (open.length === 0) break
        const byField = Map.groupBy(open, ({ identities }) => identities[turn]?.field ?? '')
        for (const [field, sought] of byField) {
          const found = await lookUp(field, sought.map(({ identities }) => identities[turn]?.value ?? ''))
          const shown = sought.map(({ key, identities }) => ({ key, identity: identities[turn], matches: found.get(identities[turn]?.value ?? '') ?? [] }))
          const now = await readDirectly([...new Set(shown.filter(({ key }) => fresh.has(key)).flatMap(({ matches }) => matches.map(({ targetId }) => targetId)))])
          for (const { key, identity, matches } of shown) {
            const are = fresh.has(key) ? matches.flatMap((match) => asNow(match, now, identity)) : matches
            if (are.length > 0) things.set(key, { matches: are })
          }
        }
      }
      await askForMissing(records, things)
      return things
    },
  }
}
