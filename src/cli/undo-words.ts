import type { UndoPlan } from '../engine/undo.ts'
import { count, plural } from './figures.ts'
import type { Colors } from './terminal.ts'

/** `214 tags off, 3 back on` */
export function undoFigures({ removes, adds }: UndoPlan, noun: string): string {
  const first = removes > 0 ? plural(removes, noun) : plural(adds, noun)
  return [removes > 0 && `${first} off`, adds > 0 && (removes > 0 ? `${count(adds)} back on` : `${first} back on`)].filter((part) => part !== false).join(', ')
}

/** What taking a Run back comes to: what it asks for, what it leaves alone and why, and what nobody can take back. */
export function undoLines(plan: UndoPlan, { activation, noun, shown }: { activation: string; noun: string; shown: number }, colors: Colors): string[] {
  const { removes, adds, undoes, nothingToDo, theirs, later, laterRun, untold, notices } = plan
  const left = removes + adds - shown
  const kept = [
    nothingToDo > 0 && `${plural(nothingToDo, 'record')} as before already, or gone: nothing to do.`,
    theirs > 0 && `${plural(theirs, 'record')} left alone: a person put the ${noun} there again since.`,
    later > 0 && `${plural(later, 'record')} left alone: a later Run did the same again. To take that back as well: tailrace undo ${laterRun}, then this one again.`,
    untold > 0 && `${plural(untold, 'record')} left alone: nothing told whether the ${noun} was on them before the Run.`,
  ].filter((line) => line !== false)
  const head = removes + adds === 0 ? `nothing of Run ${undoes} is left to take back` : `taking back Run ${undoes}: ${undoFigures(plan, noun)}`
  return [
    ...left > 0 && shown > 0 ? [colors.dim(`… and ${count(left)} more: --plan-only --all, --format csv|json`)] : [],
    ...shown > 0 ? [''] : [],
    `${colors.bold(activation)}: ${head}`,
    ...kept.map((line) => `  ${line}`),
    ...notices.map((notice) => `  ${colors.yellow('!')} ${notice}`),
    ...removes + adds === 0 ? [] : [
      `  ${colors.yellow('!')} Not undone: workflows and messages that a ${noun} has set off, and a ${noun} that the Run created stays, on nothing.`,
      `  ${colors.yellow('!')} The next Run does the same again where its query still asks for it: change the query first.`,
    ],
  ]
}
