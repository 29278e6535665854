import type { Counts, RequestCounts } from '../run.ts'
import type { Outcome } from '../outcome.ts'
import { count, plural } from '../figures.ts'

export type OutcomeStatus = Outcome['status']

interface StatusWords {
  /** `Not loaded`. */
  readonly word: string
  /** One sentence that holds for every Record with this status. */
  readonly meaning: string
  /** What happens to it next: `the next Run settles it`. */
  readonly next: string
}

/** When a Record that was not loaded is tried again. */
const retryRule =
  'A record that was not found, or that met a conflict, is tried again by the next Run, and then after growing waits of at most 7 days. One whose group does not exist is sent once it exists. Any other one waits until its row changes or a person retries it.'

export const outcomeWords: Readonly<Record<OutcomeStatus, StatusWords>> = {
  delivered: { word: 'Delivered', meaning: 'The Target confirmed it.', next: 'nothing is left to do' },
  'in-place': {
    word: 'Already in place',
    meaning: 'Nothing had to change in the Target.',
    next: 'nothing is left to do',
  },
  rejected: {
    word: 'Not loaded',
    meaning: `The Target rejected it, or it could not be sent. ${retryRule}`,
    next: 'retried after a wait, or when the row changes',
  },
  'on-hold': {
    word: 'On hold',
    meaning: 'Not applied, for a temporary reason. Later Runs send it again.',
    next: 'the next Run sends it again',
  },
  unconfirmed: {
    word: 'Unconfirmed',
    meaning: 'Sent without a clear answer. The next Run reads the Target to settle it.',
    next: 'sent without a clear answer; the next Run settles it',
  },
}

/** `delivered`, `not loaded`: the status within a sentence. */
export function outcomeWord(status: OutcomeStatus): string {
  return outcomeWords[status].word.toLowerCase()
}

/** The counts of Outcomes. Of links, several of one Record with the same operation count once. */
export type OutcomeFigures = Pick<
  Counts,
  'delivered' | 'alreadyInPlace' | 'leftAlone' | 'rejected' | 'onHold' | 'unconfirmed'
>

/** Why a line of the Plan was skipped, although something stands in the Target that the query does not ask for. */
export const skippedMeaning =
  'Left as they are: a person added or changed them, a later Run wrote them, another record or Activation needs them, or their previous state is unknown.'

/** `3 delivered`, `2 not loaded`, without zeros. */
export function outcomeParts(figures: OutcomeFigures): string[] {
  const { delivered, alreadyInPlace, leftAlone, rejected, onHold, unconfirmed } = figures
  const parts: readonly (readonly [n: number, word: string])[] = [
    [delivered, outcomeWord('delivered')],
    [alreadyInPlace, outcomeWord('in-place')],
    [leftAlone, 'skipped'],
    [rejected, outcomeWord('rejected')],
    [onHold, outcomeWord('on-hold')],
    [unconfirmed, outcomeWord('unconfirmed')],
  ]
  return parts.flatMap(([n, word]) => (n > 0 ? [`${count(n)} ${word}`] : []))
}

/** `3 rows read`, `1 invalid`, `20 unchanged`: what a Run found, without zeros except of the rows. */
export function readParts({
  read,
  invalid,
  unchanged,
  removed,
}: Pick<Counts, 'read' | 'invalid' | 'unchanged' | 'removed'>): string[] {
  return [
    `${plural(read, 'row')} read`,
    ...(invalid > 0 ? [`${count(invalid)} invalid`] : []),
    ...(unchanged > 0 ? [`${count(unchanged)} unchanged`] : []),
    ...(removed > 0 ? [`${count(removed)} no longer asked for`] : []),
  ]
}

/** `110 requests: 5 reads, 105 writes`. */
export function requestWords({ read, write }: RequestCounts): string {
  return `${plural(read + write, 'request')}: ${plural(read, 'read')}, ${plural(write, 'write')}`
}
