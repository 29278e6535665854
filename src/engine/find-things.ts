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
}

export interface FindThings {
  /** The things that each Record names: none, one, or, where an identifier is not unique, several. */
  find(records: readonly Sought[]): Promise<ReadonlyMap<Key, readonly Match[]>>
}

/**
 * Finds things many to a call: by their own ids where these are known and still carry the identifier, else by the identifiers in
 * order. What we wrote a moment ago the index may not show as it is, so that is read directly.
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

  const readDirectly = async (ids: readonly string[]): Promise<Map<string, readonly Match[]>> => {
    const found = new Map<string, readonly Match[]>()
    if (ids.length === 0) return found
    for await (const seen of object.observe(link.io, ready, ids.map((value) => ({ field: 'id', value })))) {
      const { identity: { value }, members, fields = {}, createdAt } = seen
      if (members !== null) found.set(value, [{ targetId: value, label: value, fields, ...createdAt !== undefined && { createdAt } }])
    }
    return found
  }

  const folds = new Set(object.identifiers.filter(({ fold }) => fold).map(({ field }) => field))
  const carries = ({ targetId, fields }: Match, { field, value }: Identity): boolean => {
    if (field === 'id') return targetId === value
    const held = String(fields[field] ?? '')
    return (folds.has(field) ? held.toLowerCase() : held) === value
  }

  return {
    async find(records) {
      const things = new Map<Key, readonly Match[]>()
      const known = records.filter((record) => record.targetId !== null)
      const same = recent.filter((run) => run.identifier === identifier.field)
      const fresh = same.length === 0 || known.length === 0 ? new Set<Key>() : await writtenLately(ports.database, same, known.map(({ key }) => key))
      const idsOf = (isFresh: boolean) => known.filter(({ key }) => fresh.has(key) === isFresh).map(({ targetId }) => targetId ?? '')
      const byId = new Map([...await lookUp('id', idsOf(false)), ...await readDirectly(idsOf(true))])
      for (const { key, targetId, identities } of known) {
        const match = byId.get(targetId ?? '')?.[0]
        // Carrying another identifier by now, it is not the thing that the row names.
        if (match !== undefined && identities.some((identity) => carries(match, identity))) things.set(key, [match])
      }
      for (let turn = 0; ; turn += 1) {
        const open = records.filter((record) => !things.has(record.key) && record.identities.length > turn)
        if (open.length === 0) return things
        const byField = Map.groupBy(open, ({ identities }) => identities[turn]?.field ?? '')
        for (const [field, sought] of byField) {
          const found = await lookUp(field, sought.map(({ identities }) => identities[turn]?.value ?? ''))
          for (const { key, identities } of sought) {
            const matches = found.get(identities[turn]?.value ?? '') ?? []
            if (matches.length > 0) things.set(key, matches)
          }
        }
      }
    },
  }
}
