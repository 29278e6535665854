import pc from 'picocolors'
import { differenceLines } from './case-lines.ts'
import type { CaseResult } from './run-case.ts'

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
