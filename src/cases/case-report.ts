import { relative } from 'node:path'
import pc from 'picocolors'
import { duration } from '../model/figures.ts'
import type { Colors } from '../server/process/terminal.ts'
import type { CaseDifference } from './differences.ts'
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

function differenceLines(
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

/** The results as JUnit XML, which CI systems read: one suite per file. */
export function junitXml(results: readonly CaseResult[]): string {
  const files = [...new Set(results.map((result) => result.case.file))]
  const suites = files.map((file) =>
    suiteXml(
      file,
      results.filter((result) => result.case.file === file),
    ),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${totals(results)}>\n${suites.join('')}</testsuites>\n`
}

function suiteXml(file: string, results: readonly CaseResult[]): string {
  return `  <testsuite name="${escaped(file)}"${totals(results)}>\n${results.map(caseXml).join('')}  </testsuite>\n`
}

function caseXml({ case: test, durationMs, failures }: CaseResult): string {
  const head = `    <testcase name="${escaped(test.name)}" classname="${escaped(test.activation)}" file="${escaped(test.file)}" line="${test.position.line}" time="${seconds(durationMs)}"`
  if (failures.length === 0) return `${head}/>\n`
  const plain = pc.createColors(false)
  const text = failures.flatMap(({ step, differences }) => [
    ...(step === '' ? [] : [`in step "${step}":`]),
    ...differences.flatMap((difference) => differenceLines(difference, plain)),
  ])
  const what = failures.flatMap(({ differences }) => differences.map((difference) => difference.what)).join(', ')
  return `${head}>\n      <failure message="${escaped(`${what}: not as expected`)}">${escaped(text.join('\n'))}</failure>\n    </testcase>\n`
}

function totals(results: readonly CaseResult[]): string {
  const failed = results.filter(({ failures }) => failures.length > 0).length
  return ` tests="${results.length}" failures="${failed}" time="${seconds(results.reduce((sum, { durationMs }) => sum + durationMs, 0))}"`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Escapes text for XML 1.0, which allows no control characters. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
    .replaceAll(/[^\P{Cc}\n\t]/gu, '\ufffd')
}
