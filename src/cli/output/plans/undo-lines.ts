import type { UndoPlan } from '../../../engine/undo.ts'
import { count } from '../../../model/figures.ts'
import type { Nouns } from '../../../model/noun.ts'
import { notUndone, undoDeeds, undoSkips, undoWrites, writesAgain } from '../../../model/words/undo-words.ts'
import type { Colors } from '../../../server/process/terminal.ts'

export interface UndoShown {
  readonly activation: string
  readonly nouns: Nouns
  /** Number of writes that were listed. */
  readonly shown: number
}

/** The summary of an undo plan: the writes, what is skipped and why, and what cannot be undone. */
export function undoLines(plan: UndoPlan, { activation, nouns, shown }: UndoShown, colors: Colors): string[] {
  const { undoes, laterRun, notices } = plan
  const writes = undoWrites(plan)
  const left = writes - shown
  const head =
    writes === 0 ? `nothing of Run ${undoes} is left to undo` : `undo of Run ${undoes}: ${undoDeeds(plan, nouns)}`
  return [
    ...(left > 0 && shown > 0 ? [colors.dim(`… and ${count(left)} more: --plan-only --all, --format csv|json`)] : []),
    ...(shown > 0 ? [''] : []),
    `${colors.bold(activation)}: ${head}`,
    ...undoSkips(plan, nouns, laterRun).map(({ words }) => `  ${words}`),
    ...notices.map(({ words }) => `  ${colors.yellow('!')} ${words}`),
    ...(writes === 0 ? [] : [notUndone(nouns), writesAgain].map((words) => `  ${colors.yellow('!')} ${words}`)),
  ]
}
