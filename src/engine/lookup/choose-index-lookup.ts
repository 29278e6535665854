import type { Identity, Key } from '../../model/record.ts'
import type { Current } from '../../rules/decide.ts'
import type { TargetLink } from '../steps/open/open-connections.ts'
import { asEngineFault } from '../delivery/send-slice.ts'

/** Counting costs a call for each member; with more of them, looking at the things themselves is as cheap. */
const fewGroups = 5

/** What the index shows of these things; one that it says nothing about stays unseen. */
export type IndexLookup = (targetRecords: readonly AddressedRecord[], into: Map<Key, Current>) => Promise<void>

/** A Record, and how calls name its thing. */
export interface AddressedRecord {
  readonly key: Key
  readonly identity: Identity
}

/**
 * An index that does not answer is no reason not to run: what was not seen is sent, which is safe to repeat. Only trouble that would
 * meet the writes as well ends the Run.
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

/** Listing who carries the members, or asking about the things in groups: whichever costs fewer calls for so many things. */
export async function chooseIndexLookup(link: TargetLink, field: string, expected: number): Promise<IndexLookup> {
  const { listing, io, resolved: { ready } } = link
  const groups = groupIds(link)
  // A member that is yet to be created is on nothing.
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
    for await (const seen of of.call(listing, io, ready, differences.map(({ identity }) => identity))) {
      // A thing that is gone is asked for all the same: the Target's own refusal is the Outcome.
      if (seen.groups === null) continue
      for (const key of keys(seen.identity)) into.set(key, { held: new Set(seen.groups.map(({ id }) => id)), external: new Set() })
    }
  }
}

/** The members are on nothing. */
export const noneHold: IndexLookup = (targetRecords, into) => {
  for (const { key } of targetRecords) into.set(key, { held: new Set(), external: new Set() })
  return Promise.resolve()
}

async function listHolders(link: TargetLink, groups: readonly string[], field: string): Promise<IndexLookup> {
  const holding = new Map<string, Set<Key>>()
  for (const group of groups) {
    const keys = new Set<Key>()
    for await (const page of link.listing?.holders(link.io, link.resolved.ready, group, field) ?? []) for (const key of page) keys.add(key)
    holding.set(group, keys)
  }
  return (differences, into) => {
    for (const { key, identity: { value } } of differences) {
      const held = groups.filter((group) => holding.get(group)?.has(value))
      // Where the list leaves things out, not to be on it proves nothing.
      const isAll = link.listing?.leavesOut === undefined || held.length === groups.length
      into.set(key, { held: isAll ? new Set(held) : undefined, surely: new Set(held), external: new Set() })
    }
    return Promise.resolve()
  }
}

/** Which Records name a thing that was asked for: nearly always one. */
export function keysByValue(targetRecords: readonly AddressedRecord[]): (identity: Identity) => readonly Key[] {
  const keys = new Map<string, Key[]>()
  for (const { key, identity: { value } } of targetRecords) {
    const others = keys.get(value)
    if (others === undefined) keys.set(value, [key])
    else others.push(key)
  }
  return ({ value }) => keys.get(value) ?? []
}

/** Ids of the members that exist already. */
export function groupIds(link: TargetLink): string[] {
  return link.resolved.groups.map(({ id }) => id).filter((id) => id !== null)
}
