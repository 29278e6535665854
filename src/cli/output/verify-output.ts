import type { VerifyReport } from '../../engine/verify.ts'
import { driftDetails, type DriftEntry } from '../../store/snapshot/drift.ts'
import { csvLine } from '../../api/csv.ts'
import { count, duration, plural, time } from '../../model/figures.ts'
import { table, type TableLook } from './table.ts'
import type { Colors } from '../../server/process/terminal.ts'

/** Returns the name of a group by its id. */
export type NameOf = (group: string) => string

/** The summary of a verification. `first`: the first drifted Records. */
export function verifySummary(
  report: VerifyReport,
  first: readonly DriftEntry[],
  nameOf: NameOf,
  { options, width }: { readonly options: string; readonly width: number },
  colors: Colors,
): string[] {
  const {
    activation,
    verified: { confirmed, pending, missing },
    due,
    requests,
    durationMs,
    notices,
  } = report
  const total = confirmed + pending + missing
  const mark = missing > 0 ? colors.red('✗') : pending > 0 ? colors.yellow('!') : colors.green('✓')
  const figures = [
    `${count(confirmed)} confirmed`,
    pending > 0 && `${count(pending)} could not be read`,
    missing > 0 && `${count(missing)} changed`,
  ]
  return [
    `${mark} ${colors.bold(activation)}: ${plural(total, 'record')} read back, ${duration(durationMs)}`,
    `  ${figures.filter((figure) => figure !== false).join(colors.dim(' · '))}`,
    colors.dim(`  ${plural(requests.read, 'read request')}`),
    ...notices.map(({ words }) => `  ${colors.yellow('!')} ${words}`),
    ...(missing > 0
      ? ['', ...driftLines(first, missing, nameOf, width, colors), '', ...nextLines(activation, due, options, colors)]
      : []),
  ]
}

/** The codes of drift in words; the others are words already. */
const whatWords: Readonly<Record<string, string>> = { 'taken off': 'removed', 'put back': 'added again' }

function driftLines(
  first: readonly DriftEntry[],
  total: number,
  nameOf: NameOf,
  width: number,
  colors: Colors,
): string[] {
  const rows = first.map((entry) => [
    `  ${entry.key}`,
    [whatWords[entry.what] ?? entry.what, driftDetails(entry, nameOf).join(', ')]
      .filter((part) => part !== '')
      .join(': '),
    colors.dim(writtenWords(entry)),
  ])
  return [
    `${colors.bold('Changed since Tailrace wrote it')}: ${count(total)}`,
    ...table([{ title: '' }, { title: '' }, { title: '' }], rows, { dim: colors.dim, width }),
    ...(total > first.length ? [colors.dim(`  … and ${count(total - first.length)} more`)] : []),
  ]
}

function writtenWords({ writtenAt, runId, managed }: DriftEntry): string {
  return `${managed ? 'written' : 'found in place'} by Run ${runId}${writtenAt === null ? '' : `, ${time(writtenAt)}`}`
}

function nextLines(activation: string, due: number, options: string, colors: Colors): string[] {
  const next =
    due > 0
      ? [
          `tailrace run ${activation}${options}   ${colors.dim(`# repairs ${due === 1 ? 'it' : `these ${count(due)}`}`)}`,
        ]
      : [
          `tailrace verify ${activation} --records drift --format csv${options}`,
          `tailrace verify ${activation} --repair${options}   ${colors.dim('# the next Run repairs them')}`,
        ]
  return next.map((line) => `${colors.cyan('→')} ${line}`)
}

const driftTitles = ['record', 'what', 'members', 'whose', 'written_at', 'run', 'seen_at'] as const

/** One page of drifted Records; the first page has the titles. */
export function driftList(
  page: readonly DriftEntry[],
  format: 'table' | 'csv',
  isFirst: boolean,
  nameOf: NameOf,
  { dim, width }: TableLook,
): string {
  if (format === 'csv')
    return (isFirst ? csvLine(driftTitles) : '') + page.map((entry) => csvLine(cellsOf(entry, nameOf))).join('')
  const rows = page.map((entry) => cellsOf(entry, nameOf).map((cell) => String(cell ?? '')))
  return `${table(
    driftTitles.map((title) => ({ title: isFirst ? title : '' })),
    rows,
    { dim, ...(width !== undefined && { width }) },
  ).join('\n')}\n`
}

function cellsOf(
  { key, what, managed, writtenAt, runId, seenAt, ...entry }: DriftEntry,
  nameOf: NameOf,
): (string | number | null)[] {
  return [
    key,
    what,
    driftDetails(entry, nameOf).join('; '),
    managed ? 'managed' : 'external',
    writtenAt?.toISOString() ?? null,
    runId,
    seenAt.toISOString(),
  ]
}

/** One drifted Record as JSON. */
export function driftJson(
  { key, what, managed, writtenAt, runId, seenAt, due, ...entry }: DriftEntry,
  nameOf: NameOf,
): object {
  return { record: key, what, members: driftDetails(entry, nameOf), managed, writtenAt, run: runId, seenAt, due }
}
