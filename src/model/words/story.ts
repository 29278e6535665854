import type { BehaviorPlan } from '../behavior.ts'
import { unnamedGroup } from '../behavior.ts'
import type { EntryState } from '../entry.ts'
import type { Nouns } from '../noun.ts'
import type { DriftKind } from '../observed.ts'
import { listed } from './amounts.ts'

/** What is saved about one Record of an Activation, as far as sentences about it need it. */
export interface StoryFacts {
  readonly activation: string
  /** Undefined: the Activation never ran, or its behavior is not known any more. */
  readonly plan: BehaviorPlan | undefined
  readonly nouns: Nouns
  /** Its operations in all Runs, oldest first. `activation`: another one that did it. */
  readonly entries: readonly {
    readonly runId: number
    readonly at: Date
    readonly kind: string
    readonly reason: string
    readonly status: string
    readonly code: string | null
    readonly group: string
    readonly after: object | null
    readonly undoes: number | null
    readonly activation: string | null
  }[]
  /** Names of groups, by id. */
  readonly names: Readonly<Record<string, string>>
  readonly invalidRows: readonly unknown[]
  /** The worst of its Entries. Undefined: there is none. */
  readonly snapshot:
    | {
        readonly state: EntryState
        readonly present: boolean
        readonly tries: number
        readonly retryAt: Date | null
        readonly runId: number
        /** Of links, ids of groups: of all its Entries, and of the managed ones. */
        readonly groups: readonly string[]
        readonly managedGroups: readonly string[]
        /** Of a whole record: we created it. */
        readonly isCreated: boolean
      }
    | undefined
  readonly drift: readonly {
    readonly what: DriftKind
    readonly fields: readonly string[]
    readonly group: string
    readonly runId: number
    readonly seenAt: Date
    readonly writtenAt: Date | null
  }[]
}

export type NextStep = 'nothing' | 'ask others' | 'send' | 'settle' | 'wait' | 'take off' | 'archive' | 'unknown'

const isOwn = ({ activation }: StoryFacts['entries'][number]): boolean => activation === null

/** What the next Run will do about the Record, if the query's result stays the same. */
export function nextStep({ snapshot, entries, invalidRows, plan, nouns }: StoryFacts, now: number): NextStep {
  if (snapshot === undefined) return entries.some(isOwn) ? 'send' : invalidRows.length > 0 ? 'wait' : 'unknown'
  const isManaged = snapshot.isCreated || snapshot.managedGroups.length > 0
  if (!snapshot.present && isManaged && entries.findLast(isOwn)?.code === 'wanted-elsewhere') return 'ask others'
  if (!snapshot.present)
    return plan === undefined || plan.removed === null || !isManaged
      ? 'nothing'
      : nouns.group === null
        ? 'archive'
        : 'take off'
  if (snapshot.state === 'synced') return 'nothing'
  if (snapshot.state === 'unconfirmed') return 'settle'
  return snapshot.retryAt !== null && snapshot.retryAt.getTime() <= now ? 'send' : 'wait'
}

/** The Record's current state, in one or two sentences. */
export function nowWords(story: StoryFacts, time: (at: Date) => string): string {
  const { snapshot, entries, invalidRows, drift } = story
  if (snapshot === undefined) {
    if (entries.some(isOwn)) return goneWords(story)
    return invalidRows.length > 0
      ? 'Its row cannot become a record, so nothing was ever sent.'
      : 'This Activation has no entry for this record.'
  }
  const left = snapshot.present ? '' : ' The query no longer asks for it.'
  const [change] = drift
  if (change !== undefined)
    return `${whoDrifted(change, story)}, after Run ${change.runId} (seen ${time(change.seenAt)}).${left}`
  if (snapshot.state === 'unconfirmed')
    return `Unconfirmed since Run ${snapshot.runId}: sent, without a clear answer.${left}`
  if (snapshot.state === 'rejected')
    return `Not loaded: it could not be delivered ${snapshot.tries === 1 ? 'once' : `${snapshot.tries} times`}, last in Run ${snapshot.runId}.${left}`
  return `${syncedState(story, snapshot.groups)}, since Run ${snapshot.runId}.${left}`
}

/** `The tag "VIP" is attached`, `It is archived`. */
function syncedState({ plan, nouns, names }: StoryFacts, groups: readonly string[]): string {
  if (nouns.group === null) {
    if (plan?.added === 'delete') return 'It is deleted'
    return plan?.added === 'archive' ? 'It is archived' : 'It is as the query asks'
  }
  const off = plan?.added === 'detach' ? ' not' : ''
  return `${groupsIn(groups, { nouns, names })} ${groups.length === 1 ? 'is' : 'are'}${off} attached`
}

/** `The tag "VIP"`, `The tags "VIP", "Trial"`. */
function groupsIn(ids: readonly string[], { nouns, names }: Pick<StoryFacts, 'nouns' | 'names'>): string {
  const { one, many } = nouns.group ?? unnamedGroup
  return `The ${ids.length === 1 ? one : many} ${ids.map((id) => `"${names[id] ?? id}"`).join(', ')}`
}

/** The Ledger has entries, but the Snapshot has none: it was undone, removed, or never delivered. */
function goneWords({ entries, nouns }: StoryFacts): string {
  const last = entries.findLast(
    (entry) => isOwn(entry) && entry.kind !== 'skip' && (entry.status === 'delivered' || entry.status === 'in-place'),
  )
  if (last === undefined) return 'Never delivered.'
  const { reason, kind, runId, undoes } = last
  const { one } = nouns.group ?? unnamedGroup
  if (reason === 'undo')
    return nouns.group === null
      ? `Undone: Run ${runId} undid Run ${undoes}.`
      : `Undone: Run ${runId} undid Run ${undoes}, and ${kind === 'attach' ? 'attached' : 'detached'} the ${one}.`
  if (reason !== 'left') return nouns.group === null ? 'Tailrace keeps no state for it.' : `It has no managed ${one}.`
  if (nouns.group !== null) return `The query no longer asks for it, and Run ${runId} detached the ${one}.`
  return `The query no longer returns it, and Run ${runId} ${kind === 'archive' ? 'archived' : 'removed'} it.`
}

/** Who changed what we wrote. Another Activation that did it is named. */
function whoDrifted({ what, fields, writtenAt }: StoryFacts['drift'][number], { entries, nouns }: StoryFacts): string {
  const by = entries.findLast(
    (entry) => !isOwn(entry) && (writtenAt === null || entry.at > writtenAt) && couldCause(what, fields, entry),
  )
  const who = by === undefined ? 'Another user or program' : `The Activation "${by.activation}" (Run ${by.runId})`
  const { one } = nouns.group ?? unnamedGroup
  switch (what) {
    case 'changed':
      return `${who} changed ${listed(fields)}`
    case 'taken off':
      return `${who} detached the ${one}`
    case 'put back':
      return nouns.group === null
        ? `The ${nouns.record.one} exists again in the Target`
        : `${who} attached the ${one} again`
    default:
      return `The ${nouns.record.one} is no longer in the Target`
  }
}

function couldCause(
  what: DriftKind,
  fields: readonly string[],
  { kind, after }: StoryFacts['entries'][number],
): boolean {
  if (what === 'taken off') return kind === 'detach'
  if (what === 'put back') return kind === 'attach'
  return what === 'changed'
    ? fields.some((field) => after !== null && field in after)
    : kind === 'archive' || kind === 'delete'
}

/** What the next Run does, as a sentence. */
export function nextWords(story: StoryFacts, now: number, time: (at: Date) => string): string {
  const { snapshot, drift, activation, nouns } = story
  const { one } = nouns.group ?? unnamedGroup
  switch (nextStep(story, now)) {
    case 'unknown':
      return 'Nothing. Identifiers are compared exactly, including spaces, zeros and letter case.'
    case 'take off':
      return `The next Run detaches the ${one}, because the query no longer asks for it and it is managed.`
    case 'ask others':
      return `The query no longer asks for it, but another record or Activation still needs the ${one}. Each Run checks again, and detaches the ${one} when none needs it.`
    case 'archive':
      return 'The next Run archives it, because the query no longer returns it and this Activation created it.'
    case 'send':
      return 'The next Run sends it again, if the query returns it.'
    case 'settle':
      return 'The next Run reads the Target first, and sends it again only if it is missing.'
    case 'wait':
      return waitWords(story, time)
    case 'nothing':
      if (drift.length > 0)
        return `Nothing: manual changes are kept. "tailrace verify ${activation} --repair", or Verify and repair, lets the next Run repair it.`
      if (snapshot?.present !== false) return 'Nothing to do.'
      return snapshot.state === 'synced'
        ? 'Nothing: what the query no longer asks for is not changed.'
        : 'Nothing, unless the query asks for it again.'
  }
}

function waitWords({ snapshot, entries, nouns }: StoryFacts, time: (at: Date) => string): string {
  if (snapshot === undefined) return 'Nothing until its row is corrected.'
  if (snapshot.retryAt !== null) return `The first Run after ${time(snapshot.retryAt)} sends it again.`
  return entries.some(({ runId, code }) => runId === snapshot.runId && code === 'group-not-found')
    ? `Nothing, until the missing ${(nouns.group ?? unnamedGroup).one} exists or the row changes. Then the next Run writes it.`
    : 'It waits. Correct the row, or the record in the Target.'
}

/** Who made the links or the record: managed or external. Empty where nothing is known, or it has no meaning. */
export function authorshipWords(story: StoryFacts): string[] {
  const { snapshot, entries, drift, nouns, plan } = story
  if (snapshot === undefined || drift.length > 0 || plan?.added === 'detach') return []
  const takesBack = plan !== undefined && plan.removed !== null
  if (nouns.group === null) {
    if (plan?.added === 'delete' || plan?.added === 'archive') return []
    if (snapshot.isCreated && snapshot.state !== 'unconfirmed')
      return [
        `This Activation created it: an undo${takesBack ? ', or a row that leaves the query,' : ''} may archive it.`,
      ]
    return snapshot.state === 'synced' && !snapshot.isCreated
      ? [`The ${nouns.record.one} was there before, or its creator is unknown: it is never archived or deleted.`]
      : []
  }
  const own = entries.filter(isOwn)
  const { managedGroups: managed } = snapshot
  const wasThere = own.some(
    ({ kind, status, code }) =>
      (kind === 'attach' && status === 'in-place') || (kind === 'skip' && code === 'in-place'),
  )
  const isExternal = own.some(({ kind, code }) => kind === 'skip' && code === 'external')
  const { one } = nouns.group
  return [
    ...(managed.length > 0
      ? [
          `${groupsIn(managed, story)} ${managed.length === 1 ? 'is' : 'are'} managed by this Activation: an undo${takesBack ? ', or a row that leaves the query,' : ''} may detach ${managed.length === 1 ? 'it' : 'them'}.`,
        ]
      : []),
    ...(managed.length === 0 && wasThere
      ? [`The ${one} was attached before this Activation wrote, so it is external.`]
      : []),
    ...(isExternal ? [`A person attached the ${one} again since, so it is external and was not changed.`] : []),
  ]
}
