import type { UndoPlan } from '../../../engine/undo.ts'
import { count, plural } from '../../../model/figures.ts'
import type { Colors } from '../../../server/process/terminal.ts'

/** The number of writes in an undo plan. */
export function undoWrites({ removes, adds, updates, discards, restores }: UndoPlan): number {
  return removes + adds + updates + discards + restores
}

/** `214 tags off, 3 back on`; for whole records `values back on 12 records, 3 created records away again`. */
export function undoFigures(plan: UndoPlan, noun: string): string {
  const { removes, adds, updates, discards, restores } = plan
  const first = removes > 0 ? plural(removes, noun) : plural(adds, noun)
  return [
    removes > 0 && `${first} off`, adds > 0 && (removes > 0 ? `${count(adds)} back on` : `${first} back on`),
    updates > 0 && `values back on ${plural(updates, noun)}`, discards > 0 && `${plural(discards, `created ${noun}`)} away again`,
    restores > 0 && `${plural(restores, noun)} back from the archive`,
  ].filter((part) => part !== false).join(', ')
}

export interface UndoShown {
  readonly activation: string
  readonly noun: string
  /** The Records are whole records, not links. */
  readonly isWholeRecord: boolean
  /** Number of writes that were listed. */
  readonly shown: number
}

/** The summary of an undo plan: the writes, what is skipped and why, and what cannot be undone. */
export function undoLines(plan: UndoPlan, { activation, noun, isWholeRecord, shown }: UndoShown, colors: Colors): string[] {
  const { undoes, nothingToDo, external, elsewhere, later, laterRun, untold, forGood, notices } = plan
  const writes = undoWrites(plan)
  const left = writes - shown
  const kept = [
    nothingToDo > 0 && `${plural(nothingToDo, 'record')} as before already, or gone: nothing to do.`,
    external > 0 && `${plural(external, 'record')} left alone: ${isWholeRecord ? 'a person changed what the Run wrote' : `a person put the ${noun} there again since`}.`,
    elsewhere > 0 && `${plural(elsewhere, 'record')} left alone: another activation, or another record of this one, still wants the ${noun} there.`,
    later > 0 && `${plural(later, 'record')} left alone: a later Run ${isWholeRecord ? 'changed the same' : 'did the same again'}. To take that back as well: tailrace undo ${laterRun}, then this one again.`,
    untold > 0 && `${plural(untold, 'record')} left alone: nothing told ${isWholeRecord ? 'what it held before the Run, or whether the Run created it' : `whether the ${noun} was on them before the Run`}.`,
    forGood > 0 && `${plural(forGood, 'record')} deleted by the Run: nothing brings ${forGood === 1 ? 'it' : 'them'} back.`,
  ].filter((line) => line !== false)
  const head = writes === 0 ? `nothing of Run ${undoes} is left to take back` : `taking back Run ${undoes}: ${undoFigures(plan, noun)}`
  return [
    ...left > 0 && shown > 0 ? [colors.dim(`… and ${count(left)} more: --plan-only --all, --format csv|json`)] : [],
    ...shown > 0 ? [''] : [],
    `${colors.bold(activation)}: ${head}`,
    ...kept.map((line) => `  ${line}`),
    ...notices.map(({ words }) => `  ${colors.yellow('!')} ${words}`),
    ...writes === 0 ? [] : [
      `  ${colors.yellow('!')} Not undone: workflows and messages that a ${isWholeRecord ? 'change' : noun} has set off. ${isWholeRecord ? 'Fields' : `A ${noun}`} that the Run created ${isWholeRecord ? 'stay' : 'stays'}.`,
      `  ${colors.yellow('!')} The next Run does the same again where its query still asks for it: change the query first.`,
    ],
  ]
}
