import { withoutAbsent } from '../../model/absent-groups.ts'
import type { Identity, Key } from '../../model/record.ts'
import type { Current } from '../../rules/decide.ts'
import type { TargetLink } from '../steps/open/open-connections.ts'
import { asEngineFault } from '../delivery/send-slice.ts'

/** Counting costs one call per group. With more groups, a lookup by target record is as cheap. */
const fewGroups = 5

/** Writes to `into` what the index shows of these target records. Leaves out those that it does not show. */
export type IndexLookup = (targetRecords: readonly AddressedRecord[], into: Map<Key, Current>) => Promise<void>

/** A Record, and how calls address its target record. */
export interface AddressedRecord {
  readonly key: Key
  readonly identity: Identity
}

/**
 * If the index does not answer, the Run continues without it: what was not looked up is sent, which is safe to repeat.
 * Only faults that would also affect the writes end the Run.
 */
export async function unlessBlind<T>(ask: () => Promise<T>, say: (why: string) => void): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    const fault = asEngineFault(error)
    if (fault.kind === 'cancelled' || fault.code === 'unexpected' || fault.code === 'unauthorized') throw error
    say(fault.message)
    return undefined
  }
}

/**
 * Lists the holders of the groups, or looks up the target records in batches: whichever costs fewer calls for
 * `expected` records.
 */
export async function chooseIndexLookup(link: TargetLink, field: string, expected: number): Promise<IndexLookup> {
  const {
    listing,
    io,
    resolved: { ready },
  } = link
  const groups = groupIds(link)
  // No target record is in a group that does not exist yet.
  if (groups.length === 0) return noneHold
  if (listing === undefined) return () => Promise.resolve()
  const asked = listing.of === undefined ? Infinity : Math.ceil(expected / listing.perCall)
  if (asked > 1 && (groups.length <= fewGroups || asked === Infinity)) {
    let listed = groups.length
    let all = 0
    for (const group of groups) {
      const carriers = await listing.count(io, ready, group)
      all += carriers
      listed += carriers > (listing.atMost ?? Infinity) ? Infinity : Math.ceil(carriers / listing.perCall)
      if (listed > asked || listed === Infinity) break
    }
    if (all === 0 && listing.leavesOut === undefined) return noneHold
    if (listed < Infinity && listed <= asked) return await listHolders(link, groups, field)
  }
  const of = listing.of
  if (of === undefined) return () => Promise.resolve()
  return async (differences, into) => {
    const keys = keysByValue(differences)
    for await (const seen of of.call(
      listing,
      io,
      ready,
      differences.map(({ identity }) => identity),
    )) {
      // Skip a deleted target record. Its Operation is still sent, and the Target's rejection becomes the Outcome.
      if (seen.groups === null) continue
      for (const key of keys(seen.identity))
        into.set(key, { held: new Set(seen.groups.map(({ id }) => id)), external: new Set() })
    }
  }
}

/** No target record is in any of the groups. */
export const noneHold: IndexLookup = (targetRecords, into) => {
  for (const { key } of targetRecords) into.set(key, { held: new Set(), external: new Set() })
  return Promise.resolve()
}

async function listHolders(link: TargetLink, groups: readonly string[], field: string): Promise<IndexLookup> {
  const holding = new Map<string, Set<Key>>()
  for (const group of groups) {
    const keys = new Set<Key>()
    for await (const page of link.listing?.holders(link.io, link.resolved.ready, group, field) ?? [])
      for (const key of page) keys.add(key)
    holding.set(group, keys)
  }
  return (differences, into) => {
    for (const {
      key,
      identity: { value },
    } of differences) {
      const held = groups.filter((group) => holding.get(group)?.has(value))
      // If the listing is incomplete, absence from it proves nothing.
      const isAll = link.listing?.leavesOut === undefined || held.length === groups.length
      into.set(key, { held: isAll ? new Set(held) : undefined, surely: new Set(held), external: new Set() })
    }
    return Promise.resolve()
  }
}

/** Finds the Records that name a target record: nearly always one. */
export function keysByValue(targetRecords: readonly AddressedRecord[]): (identity: Identity) => readonly Key[] {
  const keys = new Map<string, Key[]>()
  for (const {
    key,
    identity: { value },
  } of targetRecords) {
    const others = keys.get(value)
    if (others === undefined) keys.set(value, [key])
    else others.push(key)
  }
  return ({ value }) => keys.get(value) ?? []
}

/** Ids of the groups that exist already. */
export function groupIds(link: TargetLink): string[] {
  return withoutAbsent(link.resolved.groups).flatMap(({ id }) => (id === null ? [] : [id]))
}
