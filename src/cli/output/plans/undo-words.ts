import type { UndoPlan } from '../../../engine/undo.ts'
import { count, plural } from '../../../model/figures.ts'
import type { Noun } from '../../../model/noun.ts'
import type { Colors } from '../../../server/process/terminal.ts'

/** The number of writes in an undo plan. */
export function undoWrites({ removes, adds, updates, discards, restores }: UndoPlan): number {
  return removes + adds + updates + discards + restores
}

/** `remove 214 tags, add 3 again`; for whole records `restore values of 12 records, remove 3 created records`. */
export function undoFigures(plan: UndoPlan, noun: Noun): string {
  const { removes, adds, updates, discards, restores } = plan
  return [
    removes > 0 && `remove ${plural(removes, noun.one, noun.many)}`,
    adds > 0 && `add ${removes > 0 ? count(adds) : plural(adds, noun.one, noun.many)} again`,
    updates > 0 && `restore values of ${plural(updates, noun.one, noun.many)}`,
    discards > 0 && `remove ${plural(discards, `created ${noun.one}`, `created ${noun.many}`)}`,
    restores > 0 && `unarchive ${plural(restores, noun.one, noun.many)}`,
  ]
    .filter((part) => part !== false)
    .join(', ')
}

export interface UndoShown {
  readonly activation: string
  readonly noun: Noun
  /** The Records are whole records, not links. */
  readonly isWholeRecord: boolean
  /** Number of writes that were listed. */
  readonly shown: number
}

/** The summary of an undo plan: the writes, what is skipped and why, and what cannot be undone. */
export function undoLines(
  plan: UndoPlan,
  { activation, noun, isWholeRecord, shown }: UndoShown,
  colors: Colors,
): string[] {
  const { undoes, nothingToDo, external, elsewhere, later, laterRun, stateUnknown, cannotRestore, notices } = plan
  const writes = undoWrites(plan)
  const left = writes - shown
  const kept = [
    nothingToDo > 0 && `${plural(nothingToDo, 'record')} already as before, or gone: nothing to do.`,
    external > 0 &&
      `${plural(external, 'record')} skipped: ${isWholeRecord ? 'a person changed what the Run wrote' : `a person added the ${noun.one} again since`}.`,
    elsewhere > 0 &&
      `${plural(elsewhere, 'record')} skipped: another activation, or another record of this one, still needs the ${noun.one}.`,
    later > 0 &&
      `${plural(later, 'record')} skipped: a later Run ${isWholeRecord ? 'changed the same values' : `wrote the same ${noun.one}`}. To undo that too: tailrace undo ${laterRun}, then this command again.`,
    stateUnknown > 0 &&
      `${plural(stateUnknown, 'record')} skipped: it is unknown ${isWholeRecord ? 'which values they had before the Run, or whether the Run created them' : `whether they had the ${noun.one} before the Run`}.`,
    cannotRestore > 0 && `${plural(cannotRestore, 'record')} deleted by the Run: a deletion cannot be undone.`,
  ].filter((line) => line !== false)
  const head =
    writes === 0 ? `nothing of Run ${undoes} is left to undo` : `undo of Run ${undoes}: ${undoFigures(plan, noun)}`
  return [
    ...(left > 0 && shown > 0 ? [colors.dim(`… and ${count(left)} more: --plan-only --all, --format csv|json`)] : []),
    ...(shown > 0 ? [''] : []),
    `${colors.bold(activation)}: ${head}`,
    ...kept.map((line) => `  ${line}`),
    ...notices.map(({ words }) => `  ${colors.yellow('!')} ${words}`),
    ...(writes === 0
      ? []
      : [
          `  ${colors.yellow('!')} Not undone: workflows and messages that a ${isWholeRecord ? 'change' : noun.one} triggered. ${isWholeRecord ? 'Fields' : `A ${noun.one}`} that the Run created ${isWholeRecord ? 'are kept' : 'is kept'}.`,
          `  ${colors.yellow('!')} The next Run writes the same again if the query still selects these records: change the query first.`,
        ]),
  ]
}
