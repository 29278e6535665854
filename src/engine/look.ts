import type { Identity, Key } from '../model/record.ts'
import { asFault } from './send-slice.ts'
import { unseen, type Difference, type Sight } from '../sync/plan.ts'
import { isOurs } from '../sync/whose.ts'
import { lastAdditions, recentRuns, writtenLately } from '../store/recent-writes.ts'
import type { Held } from './held.ts'
import type { TargetLink } from './connections.ts'
import { indexLagMs } from './index-lag.ts'
import { directField } from './addresses.ts'

/** Counting costs a call for each member; with more of them, looking at the things themselves is as cheap. */
const fewMembers = 5

/** Looks at the Target before anything is planned for it. */
export interface Look {
  /** What each of these holds, as far as it is known. */
  at(differences: readonly Difference[]): Promise<ReadonlyMap<Key, Sight>>
  /** Surely nothing carries any of the members. */
  readonly seesNobody: boolean
  /** Everything that carries a member, page by page, where the Target can list it. */
  holders(): AsyncIterable<readonly Key[]>
}

/**
 * Chooses, once for the Run, what costs fewer calls: listing who carries the members, or asking about the wanted things in groups.
 * What we wrote a moment ago the index may not know: that counts as unseen. What is to be taken off because it left the query is
 * always looked at directly, one by one, since nothing else tells whose it is by now.
 */
export async function openLook(held: Held, link: TargetLink, expected: number, notice: (words: string) => void): Promise<Look> {
  const sendAll = (why: string): void => notice(`What is there already could not be looked up, so everything is sent: ${why}`)
  const takesUntold = held.activation.behavior.plan.added === 'remove' && link.survey?.leavesOut !== undefined
  const recent = await recentRuns(held.ports.database, held.activation.object.id, indexLagMs)
  let survey: SurveyOf | undefined = await unlessBlind(() => chooseSurvey(link, directField(held.activation), expected), sendAll)
  return {
    seesNobody: survey === nobody && recent.length === 0,
    async at(differences) {
      const sights = new Map<Key, Sight>()
      const leaving = differences.filter(({ reason }) => reason === 'left')
      const wanted = differences.filter(({ reason }) => reason !== 'left' && reason !== 'in-doubt')
      if (leaving.length > 0) await lookDirectly(held, link, leaving, sights)
      const fresh = await lately(held, recent, wanted)
      // Where answers do not tell either what came off, only a look before it can tell an undo what to put back.
      if (takesUntold && fresh.size > 0) await lookDirectly(held, link, wanted.filter(({ key }) => fresh.has(key)), sights)
      const trusted = wanted.filter(({ key }) => !fresh.has(key))
      const chosen = survey
      if (trusted.length === 0 || chosen === undefined) return sights
      survey = await unlessBlind(async () => {
        await chosen(trusted, sights)
        return chosen
      }, sendAll)
      return sights
    },
    async *holders() {
      for (const id of memberIds(link)) yield* link.survey?.holders(link.io, link.resolved.ready, id, directField(held.activation)) ?? []
    },
  }
}

/** What the index shows of these things; one that it says nothing about stays unseen. */
export type SurveyOf = (things: readonly Thing[], into: Map<Key, Sight>) => Promise<void>

/** A Record, and how calls name its thing. */
export interface Thing {
  readonly key: Key
  readonly identity: Identity
}

/**
 * An index that does not answer is no reason not to run: what was not seen is sent, which is safe to repeat. Only trouble that would
 * meet the writes as well ends the Run.
 */
export async function unlessBlind<T>(look: () => Promise<T>, say: (why: string) => void): Promise<T | undefined> {
  try {
    return await look()
  } catch (error) {
    const fault = asFault(error)
    if (fault.kind === 'cancelled' || fault.code === 'unexpected' || fault.code === 'unauthorized') throw error
    say(fault.message)
    return undefined
  }
}

/** Listing who carries the members, or asking about the things in groups: whichever costs fewer calls for so many things. */
export async function chooseSurvey(link: TargetLink, field: string, expected: number): Promise<SurveyOf> {
  const { survey, io, resolved: { ready } } = link
  const members = memberIds(link)
  // A member that is yet to be created is on nothing.
  if (members.length === 0) return nobody
  if (survey === undefined) return () => Promise.resolve()
  const asked = survey.of === undefined ? Infinity : Math.ceil(expected / survey.perCall)
  if (asked > 1 && (members.length <= fewMembers || asked === Infinity)) {
    let listed = members.length
    let all = 0
    for (const member of members) {
      const carriers = await survey.count(io, ready, member)
      all += carriers
      listed += carriers > (survey.atMost ?? Infinity) ? Infinity : Math.ceil(carriers / survey.perCall)
      if (listed > asked || listed === Infinity) break
    }
    if (all === 0 && survey.leavesOut === undefined) return nobody
    if (listed < Infinity && listed <= asked) return await listHolders(link, members, field)
  }
  const of = survey.of
  if (of === undefined) return () => Promise.resolve()
  return async (differences, into) => {
    const keys = keysByValue(differences)
    for await (const seen of of.call(survey, io, ready, differences.map(({ identity }) => identity))) {
      // A thing that is gone is asked for all the same: the Target's own refusal is the Outcome.
      if (seen.members === null) continue
      const sight: Sight = { held: new Set(seen.members.map(({ id }) => id)), theirs: new Set() }
      for (const key of keys(seen.identity)) into.set(key, sight)
    }
  }
}

/** The members are on nothing. */
const nobody: SurveyOf = (things, into) => {
  for (const { key } of things) into.set(key, { held: new Set(), theirs: new Set() })
  return Promise.resolve()
}

async function listHolders(link: TargetLink, members: readonly string[], field: string): Promise<SurveyOf> {
  const holding = new Map<string, Set<Key>>()
  for (const member of members) {
    const keys = new Set<Key>()
    for await (const page of link.survey?.holders(link.io, link.resolved.ready, member, field) ?? []) for (const key of page) keys.add(key)
    holding.set(member, keys)
  }
  return (differences, into) => {
    for (const { key, identity: { value } } of differences) {
      const held = members.filter((member) => holding.get(member)?.has(value))
      // Where the list leaves things out, not to be on it proves nothing.
      const isAll = link.survey?.leavesOut === undefined || held.length === members.length
      into.set(key, { held: isAll ? new Set(held) : undefined, surely: new Set(held), theirs: new Set() })
    }
    return Promise.resolve()
  }
}

async function lookDirectly(held: Held, link: TargetLink, differences: readonly Difference[], into: Map<Key, Sight>): Promise<void> {
  const { object } = held.activation
  const keysOf = keysByValue(differences)
  const ourTimes = await lastAdditions(held.ports.database, held.holder.activationId, differences.map(({ key }) => key))
  const doubts = new Map(differences.map(({ key, doubt }) => [key, doubt ?? undefined]))
  for await (const seen of object.observe(link.io, link.resolved.ready, differences.map(({ identity }) => identity))) {
    for (const key of keysOf(seen.identity)) {
      const wrote = doubts.get(key) ?? ourTimes.get(key)
      const theirs = (seen.members ?? []).filter((member) => !isOurs(member, wrote))
      into.set(key, { held: new Set(seen.members?.map(({ id }) => id)), theirs: new Set(theirs.map(({ id }) => id)) })
    }
  }
}

/** Which Records name a thing that was asked for: nearly always one. */
export function keysByValue(things: readonly Thing[]): (identity: Identity) => readonly Key[] {
  const keys = new Map<string, Key[]>()
  for (const { key, identity: { value } } of things) {
    const others = keys.get(value)
    if (others === undefined) keys.set(value, [key])
    else others.push(key)
  }
  return ({ value }) => keys.get(value) ?? []
}

async function lately(held: Held, recent: readonly { id: number; activationId: number; identifier: string }[], differences: readonly Difference[]): Promise<ReadonlySet<Key>> {
  if (recent.length === 0 || differences.length === 0) return new Set()
  const keys = differences.map(({ key }) => key)
  // Runs that named things by another identifier cannot be compared key by key.
  if (recent.some(({ identifier }) => identifier !== held.activation.identifier.field)) return new Set(keys)
  return await writtenLately(held.ports.database, recent, keys)
}

function memberIds(link: TargetLink): string[] {
  return link.resolved.members.map(({ id }) => id).filter((id) => id !== null)
}

export function sightFor(sights: ReadonlyMap<Key, Sight>, key: Key): Sight {
  return sights.get(key) ?? unseen
}
