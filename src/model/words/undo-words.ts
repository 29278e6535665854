import type { Nouns } from '../noun.ts'
import { unnamedGroup } from '../behavior.ts'
import { count } from '../figures.ts'
import { amount, listed } from './amounts.ts'

/** The plan of an undo in figures, in Records. The first five are writes. */
export interface UndoFigures {
  readonly removes: number
  readonly adds: number
  readonly updates: number
  readonly discards: number
  readonly restores: number
  readonly nothingToDo: number
  readonly external: number
  readonly elsewhere: number
  readonly later: number
  readonly stateUnknown: number
  readonly cannotRestore: number
}

/** Number of writes in the plan of an undo. */
export function undoWrites({ removes, adds, updates, discards, restores }: UndoFigures): number {
  return removes + adds + updates + discards + restores
}

/** `detach the tag from 214 contacts, attach it again to 3`: what an undo would write. Empty if nothing. */
export function undoDeeds(figures: UndoFigures, { record, group }: Nouns): string {
  const { removes, adds, updates, discards, restores } = figures
  const { one } = group ?? unnamedGroup
  return listed([
    removes > 0 && `detach the ${one} from ${amount(removes, record)}`,
    adds > 0 && `attach the ${one} again to ${amount(adds, record)}`,
    updates > 0 && `restore values of ${amount(updates, record)}`,
    discards > 0 && `remove ${amount(discards, record)} that the Run created`,
    restores > 0 && `unarchive ${amount(restores, record)}`,
  ])
}

/** One figure of an undo's plan that is no write, with a sentence. */
export interface UndoSkip {
  readonly key: keyof UndoFigures
  readonly label: string
  readonly value: number
  /** The whole sentence: `3 contacts are already as before the Run, or gone.` */
  readonly words: string
}

/** What an undo leaves as it is, and why. Without zeros. */
export function undoSkips(
  figures: UndoFigures,
  { record, group }: Nouns,
  laterRun: number | null,
): readonly UndoSkip[] {
  const isLinks = group !== null
  const { one } = group ?? unnamedGroup
  const of = (
    key: keyof UndoFigures,
    label: string,
    words: (records: string, n: number) => string,
  ): readonly UndoSkip[] =>
    figures[key] === 0
      ? []
      : [{ key, label, value: figures[key], words: words(amount(figures[key], record), figures[key]) }]
  return [
    ...of(
      'nothingToDo',
      'Already as before, or gone',
      (records, n) => `${records} ${n === 1 ? 'is' : 'are'} already as before the Run, or gone.`,
    ),
    ...of(
      'external',
      'Skipped: changed by a person since',
      (records) =>
        `${records} skipped: a person ${isLinks ? `attached the ${one} again` : 'changed what the Run wrote'} since.`,
    ),
    ...of(
      'elsewhere',
      'Skipped: still needed',
      (records) =>
        `${records} skipped: another Activation, or another record of this one, still needs the ${isLinks ? one : record.one}.`,
    ),
    ...of(
      'later',
      'Skipped: changed by a later Run',
      (records) =>
        `${records} skipped: a later Run ${isLinks ? `wrote the same ${one}` : 'changed the same values'}.${laterRun === null ? '' : ` To undo that too, undo Run ${laterRun} first.`}`,
    ),
    ...of(
      'stateUnknown',
      'Skipped: previous state unknown',
      (records) =>
        `${records} skipped: it is unknown ${isLinks ? `whether the ${one} was attached before the Run` : 'which values they had before the Run, or whether the Run created them'}.`,
    ),
    ...of(
      'cannotRestore',
      'Deleted permanently',
      (records) => `${records} deleted by the Run: a deletion cannot be undone.`,
    ),
  ]
}

/** The head of an undo's plan. */
export function undoSentence(undoes: number, figures: UndoFigures, nouns: Nouns): string {
  const writes = undoWrites(figures)
  return writes === 0
    ? `Nothing of Run ${undoes} is left to undo.`
    : `An undo of Run ${undoes} would make ${count(writes)} ${writes === 1 ? 'write' : 'writes'}: ${undoDeeds(figures, nouns)}.`
}

/** What an undo never takes back. */
export function notUndone({ group }: Nouns): string {
  return group === null
    ? 'Workflows and messages that a change triggered are not undone. Fields that the Run created are kept.'
    : `Workflows and messages that a ${group.one} triggered are not undone. A ${group.one} that the Run created is kept.`
}

/** What the next Run does after an undo. */
export const writesAgain =
  'The next Run writes the same again if its query still selects these records: change the query first, or pause the Activation.'
