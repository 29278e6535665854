import type { RefusalEntry, SnapshotEntry, StoryEntry } from '../store/ledger.ts'
import type { DriftEntry } from '../store/drift.ts'
import { plural, time } from './figures.ts'
import { attemptLines } from './story-attempts.ts'
import type { Colors } from './terminal.ts'

/** All that is written down about one Record of an Activation. */
export interface RecordStory {
  readonly activation: string
  readonly record: string
  /** What the Activation does, for words: `attach`, `mirror`, `upsert`. */
  readonly behavior: string | undefined
  /** Its Records are whole things with values, such as contacts, rather than tags on them. */
  readonly writesThings: boolean
  readonly entries: readonly StoryEntry[]
  /** What tags are called, by id. */
  readonly names: Readonly<Record<string, string>>
  readonly refusals: readonly RefusalEntry[]
  readonly snapshot: SnapshotEntry | undefined
  /** What somebody changed about it since, when it was last verified. */
  readonly drift?: DriftEntry | undefined
}

export type NextStep = 'nothing' | 'send' | 'settle' | 'wait' | 'take off' | 'archive' | 'unknown'

/** What the next Run will do about it, as long as the query goes on to return it, or not to. */
export function nextStep({ snapshot, entries, refusals, behavior, writesThings }: RecordStory, now: number): NextStep {
  if (snapshot === undefined) return entries.length > 0 ? 'send' : refusals.length > 0 ? 'wait' : 'unknown'
  if (!snapshot.present) return behavior !== 'mirror' || snapshot.ours.length === 0 ? 'nothing' : writesThings ? 'archive' : 'take off'
  if (snapshot.state === 'holds') return 'nothing'
  if (snapshot.state === 'doubt') return 'settle'
  return snapshot.retryAt !== null && snapshot.retryAt.getTime() <= now ? 'send' : 'wait'
}

export function storyLines(story: RecordStory, now: number, colors: Colors): string[] {
  const { activation, record, entries, refusals, names } = story
  const first = entries[0]
  return [
    `${colors.bold(record)} in ${colors.bold(activation)}${idWords(story, colors)}`,
    ...first === undefined ? [] : ['', `First planned by Run ${first.runId}, ${time(first.at)}:`, ...attemptLines(entries, names, colors)],
    ...refusals.length === 0 ? [] : ['', ...refusedLines(refusals)],
    '', `Now:  ${nowWords(story)}`, ...whoseLines(story), `Next: ${nextWords(story, now)}`,
  ]
}

/** The thing's own id, where the Record goes by another name. */
function idWords({ record, snapshot, entries }: RecordStory, colors: Colors): string {
  const ids = new Set(snapshot?.targetId ? [snapshot.targetId] : entries.flatMap(({ targetId }) => targetId ?? []))
  ids.delete(record)
  const [last] = [...ids].slice(-1)
  return last === undefined ? '' : colors.dim(` (id ${last} in the Target${ids.size > 1 ? `, and ${plural(ids.size - 1, 'other')}` : ''})`)
}

function refusedLines(refusals: readonly RefusalEntry[]): string[] {
  const last = refusals.at(-1)
  return [`Refused as a row ${refusals.length === 1 ? `by Run ${last?.runId}` : `${plural(refusals.length, 'time')}, last by Run ${last?.runId}`}: ${last?.message}`]
}

/** The Ledger speaks of it, and nothing is held: it was taken back, taken off, or never got there. */
function goneWords({ entries, writesThings }: RecordStory): string {
  const last = entries.findLast(({ kind, status }) => kind !== 'keep' && (status === 'delivered' || status === 'unchanged'))
  if (last === undefined) return 'Never delivered: it is on hold.'
  const { reason, kind, runId, undoes } = last
  if (writesThings) return reason === 'undo' ? `Taken back: Run ${runId} undid Run ${undoes}.` : reason === 'left' ? `It left the query, and Run ${runId} ${kind === 'archive' ? 'archived' : 'removed'} it.` : 'Nothing is remembered of it.'
  if (reason === 'undo') return `Taken back: Run ${runId} undid Run ${undoes}, so ${kind === 'add' ? 'the tags are on it again' : 'nothing of ours is on it'}.`
  return reason === 'left' ? `It left the query, and Run ${runId} took the tag off.` : 'Nothing of ours is on it.'
}

/** Whose the tags are: ours, or there without us. */
function whoseLines({ snapshot, entries, names, drift, writesThings, behavior }: RecordStory): string[] {
  if (snapshot === undefined || drift !== undefined) return []
  if (writesThings) return snapshot.ours.includes('created') ? [`      We created it: an undo${behavior === 'mirror' ? ', or mirror,' : ''} may archive it.`] : []
  const named = (ids: readonly string[]): string => ids.map((id) => `"${names[id] ?? id}"`).join(', ')
  const { ours } = snapshot
  const wasThere = entries.some(({ kind, status, code }) => (kind === 'add' && status === 'unchanged') || (kind === 'keep' && code === 'already-in-place'))
  const isTheirs = entries.some(({ kind, code }) => kind === 'keep' && code === 'theirs')
  return [
    ...ours.length > 0 ? [`      ${named(ours)} ${ours.length === 1 ? 'is' : 'are'} ours: an undo, or mirror, may take ${ours.length === 1 ? 'it' : 'them'} off.`] : [],
    ...ours.length === 0 && wasThere ? ['      The tag was there before us, so it is theirs.'] : [],
    ...isTheirs ? ['      A person put it there again since, so it is theirs: it was left alone.'] : [],
  ]
}

function driftWords({ what, members }: DriftEntry): string {
  switch (what) {
    case 'changed': return `Somebody changed ${members.join(', ')}`
    case 'taken off': return 'Somebody took it off'
    case 'put back': return 'Somebody put it back'
    default: return 'The record is gone from the Target'
  }
}

function nowWords(story: RecordStory): string {
  const { snapshot, entries, refusals, behavior, drift, writesThings } = story
  if (snapshot === undefined) {
    if (entries.length > 0) return goneWords(story)
    return refusals.length > 0 ? 'Its row cannot become a record, so nothing was ever sent.' : 'This activation has never seen it.'
  }
  const left = snapshot.present ? '' : ' It has left the query since.'
  if (drift !== undefined) return `${driftWords(drift)}, after Run ${drift.runId} (seen ${time(drift.seenAt)}).${left}`
  if (snapshot.state === 'doubt') return `In doubt since Run ${snapshot.runId}: sent, without a clear answer.${left}`
  if (snapshot.state === 'refused') {
    return `Not loaded: ${writesThings ? 'it could not be delivered' : 'the Target refused it'} ${plural(snapshot.tries, 'time')}, last in Run ${snapshot.runId}.${left}`
  }
  const held = writesThings
    ? { delete: 'It is deleted', archive: 'It is archived' }[behavior ?? ''] ?? 'It is as the query asked'
    : behavior === 'detach' ? 'The tags are off' : behavior === 'attach' || (behavior === 'mirror' && snapshot.present) ? 'The tag is on' : 'The Target holds it'
  return `${held}, since Run ${snapshot.runId}.${left}`
}

function nextWords(story: RecordStory, now: number): string {
  const { snapshot } = story
  switch (nextStep(story, now)) {
    case 'unknown': return 'Nothing. Identifiers are compared exactly, to the last space, zero and letter case.'
    case 'take off': return `The next Run takes the tag off, as the query no longer returns it and the tag is ours.`
    case 'archive': return 'The next Run archives it, as the query no longer returns it and we created it.'
    case 'send': return 'The next Run sends it again, if the query returns it.'
    case 'settle': return 'The next Run reads the Target first, and sends it again only if it is missing.'
    case 'wait': return snapshot === undefined
      ? 'Nothing until its row is mended.'
      : snapshot.retryAt === null
        ? `It waits${story.writesThings ? '' : ': the Target refuses it for what it is'}. Correct the row, or the record in the Target.`
        : `It is asked again by the first Run after ${time(snapshot.retryAt)}.`
    case 'nothing': if (story.drift !== undefined) {
      return `Nothing: what people change stays. "tailrace verify ${story.activation} --repair" lets the next Run put it right.`
    }
    return snapshot?.present === false && snapshot.state === 'holds'
      ? 'Nothing: a record that leaves the query is left as it is.'
      : snapshot?.present === false ? 'Nothing, unless the query returns it again.' : 'Nothing to do.'
  }
}
