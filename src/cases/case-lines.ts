import { relative } from 'node:path'
import { duration } from '../model/figures.ts'
import type { Colors } from '../server/process/terminal.ts'
import type { CaseDifference } from './difference.ts'
import type { CaseResult } from './run-case.ts'

/** At most this many missing and this many unexpected items are shown. */
const mostShown = 10

/** One line for a case that passed. For a failed case, also what was expected and what came. */
export function caseLines({ case: test, durationMs, failures }: CaseResult, colors: Colors): readonly string[] {
  const took = colors.dim(duration(durationMs))
  if (failures.length === 0) return [`  ${colors.green('✓')} ${test.name}  ${took}`]
  return [
    `  ${colors.red('✗')} ${colors.bold(test.name)}  ${took}`,
    colors.dim(`      ${test.activation}, ${placeOf(test.file, test.position.line, test.position.column)}`),
    ...failures.flatMap(({ step, differences }) => [
      ...(step === '' ? [] : [`      in step "${step}":`]),
      ...differences.flatMap((difference) => differenceLines(difference, colors)).map((line) => `      ${line}`),
    ]),
  ]
}

export function differenceLines(
  { what, expected, got, missing = [], unexpected = [], cause = [] }: CaseDifference,
  colors: Colors,
): readonly string[] {
  const head =
    expected === undefined ? `${what}:` : `${what}: expected ${colors.green(expected)}, got ${colors.red(got ?? '')}`
  return [
    head,
    ...some(missing).map((each) => `  missing     ${colors.green(each)}`),
    ...some(unexpected).map((each) => `  unexpected  ${colors.red(each)}`),
    ...cause.map((each) => colors.dim(`  ${each}`)),
  ]
}

function some(all: readonly string[]): readonly string[] {
  return all.length <= mostShown ? all : [...all.slice(0, mostShown - 1), `… and ${all.length - mostShown + 1} more`]
}

/** `tailrace.test.yaml:3:5`. Editors open this form. */
function placeOf(file: string, line: number, column: number): string {
  return `${relative('', file)}:${line}:${column}`
}
