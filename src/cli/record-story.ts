import type { LedgerEntry, RefusalEntry, SnapshotEntry } from '../store/ledger.ts'
import type { DriftEntry } from '../store/drift.ts'
import { plural, time } from './figures.ts'
import { operationWord, outcomeWords } from './outcome-words.ts'
import { table } from './table.ts'
import type { Colors } from './terminal.ts'

/** All that is written down about one Record of an Activation. */
export interface RecordStory {
  readonly activation: string
  readonly record: string
  /** What the Activation does, for words: `attach` or `detach`. */
  readonly behavior: string | undefined
  readonly entries: readonly LedgerEntry[]
  readonly refusals: readonly RefusalEntry[]
  readonly snapshot: SnapshotEntry | undefined
  /** What somebody changed about it since, when it was last verified. */
  readonly drift?: DriftEntry | undefined
}

export type NextStep = 'nothing' | 'send' | 'settle' | 'wait' | 'unknown'

/** What the next Run will do about it, as long as the query returns it. */
export function nextStep({ snapshot, entries, refusals }: RecordStory, now: number): NextStep {
  if (snapshot === undefined) return entries.length > 0 ? 'send' : refusals.length > 0 ? 'wait' : 'unknown'
  if (!snapshot.present) return 'nothing'
  if (snapshot.state === 'holds') return 'nothing'
  if (snapshot.state === 'doubt') return 'settle'
  return snapshot.retryAt !== null && snapshot.retryAt.getTime() <= now ? 'send' : 'wait'
}

export function storyLines(story: RecordStory, now: number, colors: Colors): string[] {
  const { activation, record, entries, refusals } = story
  const first = entries[0]
  const attempts = entries.map(({ at, runId, kind, status, code, message, requestId, reason }) => [
    `  ${colors.dim(time(at))}`, `Run ${runId}`, operationWord(kind), outcomeColor(status, colors)(outcomeWords[status]),
    [code !== null && `[${code}]`, message, reason === 'in-doubt' && '(was in doubt)', requestId !== null && colors.dim(`(request ${requestId})`)]
      .filter((part) => part !== false && part !== null).join(' '),
  ])
  return [
    `${colors.bold(record)} in ${colors.bold(activation)}`,
    ...first === undefined ? [] : ['', `First sent by Run ${first.runId}, ${time(first.at)}:`, ...table([{ title: '' }, { title: '' }, { title: '' }, { title: '' }, { title: '' }], attempts, colors.dim)],
    ...refusals.length === 0 ? [] : ['', ...refusedLines(refusals)],
    '', `Now:  ${nowWords(story)}`, `Next: ${nextWords(story, now)}`,
  ]
}

function refusedLines(refusals: readonly RefusalEntry[]): string[] {
  const last = refusals.at(-1)
  return [`Refused as a row ${refusals.length === 1 ? `by Run ${last?.runId}` : `${plural(refusals.length, 'time')}, last by Run ${last?.runId}`}: ${last?.message}`]
}

const driftWords: Readonly<Record<DriftEntry['what'], string>> = {
  'taken off': 'Somebody took it off', 'put back': 'Somebody put it back', gone: 'The record is gone from the Target',
}

function nowWords({ snapshot, entries, refusals, behavior, drift }: RecordStory): string {
  if (snapshot === undefined) {
    if (entries.length > 0) return 'Never delivered: it is on hold.'
    return refusals.length > 0 ? 'Its row cannot become a record, so nothing was ever sent.' : 'This activation has never seen it.'
  }
  const left = snapshot.present ? '' : ' It has left the query since.'
  if (drift !== undefined) return `${driftWords[drift.what]}, after Run ${drift.runId} (seen ${time(drift.seenAt)}).${left}`
  if (snapshot.state === 'doubt') return `In doubt since Run ${snapshot.runId}: sent, without a clear answer.${left}`
  if (snapshot.state === 'refused') return `Not loaded: the Target refused it ${plural(snapshot.tries, 'time')}, last in Run ${snapshot.runId}.${left}`
  const held = behavior === 'detach' ? 'The tags are off' : behavior === 'attach' ? 'The tag is on' : 'The Target holds it'
  return `${held}, since Run ${snapshot.runId}.${left}`
}

function nextWords(story: RecordStory, now: number): string {
  const { snapshot } = story
  switch (nextStep(story, now)) {
    case 'unknown': return 'Nothing. Identifiers are compared exactly, to the last space, zero and letter case.'
    case 'send': return 'The next Run sends it again, if the query returns it.'
    case 'settle': return 'The next Run reads the Target first, and sends it again only if it is missing.'
    case 'wait': return snapshot === undefined
      ? 'Nothing until its row is mended.'
      : snapshot.retryAt === null
        ? 'It waits: the Target refuses it for what it is. Correct the row, or the record in the Target.'
        : `It is asked again by the first Run after ${time(snapshot.retryAt)}.`
    case 'nothing': if (story.drift !== undefined) {
      return `Nothing: what people change stays. "tailrace verify ${story.activation} --repair" lets the next Run put it right.`
    }
    return snapshot?.present === false && snapshot.state === 'holds'
      ? 'Nothing: a record that leaves the query is left as it is.'
      : snapshot?.present === false ? 'Nothing, unless the query returns it again.' : 'Nothing to do.'
  }
}

function outcomeColor(status: LedgerEntry['status'], colors: Colors): (text: string) => string {
  return status === 'delivered' || status === 'unchanged' ? colors.green : status === 'rejected' ? colors.red : colors.yellow
}
