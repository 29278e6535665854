import type { VerifyReport } from '../../engine/verify.ts'
import { driftDetails, type DriftEntry } from '../../store/snapshot/drift.ts'
import { csvLine } from '../../api/csv.ts'
import { count, duration, plural, time } from '../../model/figures.ts'
import type { Nouns } from '../../model/noun.ts'
import { requestWords } from '../../model/words/outcomes.ts'
import { driftWords, verifiedParts } from '../../model/words/verify-words.ts'
import { table, type TableLook } from './table.ts'
import type { Colors } from '../../server/process/terminal.ts'

/** Returns the name of a group by its id. */
export type NameOf = (group: string) => string

/** The names of an Activation's groups, and its object's nouns. */
export interface DriftNames {
  readonly nameOf: NameOf
  readonly nouns: Nouns
}

/** The summary of a verification. `first`: the first drifted Records. */
export function verifySummary(
  report: VerifyReport,
  first: readonly DriftEntry[],
  names: DriftNames,
  { options, width }: { readonly options: string; readonly width: number },
  colors: Colors,
): string[] {
  const { activation, verified, synced, due, requests, durationMs, notices } = report
  const { confirmed, pending, missing } = verified
  const total = confirmed + pending + missing
  const mark = missing > 0 ? colors.red('✗') : pending + synced - total > 0 ? colors.yellow('!') : colors.green('✓')
  return [
    `${mark} ${colors.bold(activation)}: ${plural(total, 'record')} read back, ${duration(durationMs)}`,
    `  ${verifiedParts(verified, synced).join(colors.dim(' · '))}`,
    colors.dim(`  ${requestWords(requests)}`),
    ...notices.map(({ words }) => `  ${colors.yellow('!')} ${words}`),
    ...(missing > 0
      ? ['', ...driftLines(first, missing, names, width, colors), '', ...nextLines(activation, due, options, colors)]
      : []),
  ]
}

function driftLines(
  first: readonly DriftEntry[],
  total: number,
  { nameOf, nouns }: DriftNames,
  width: number,
  colors: Colors,
): string[] {
  const rows = first.map((entry) => [
    `  ${entry.key}`,
    driftWords(entry.what, driftDetails(entry, nameOf), nouns),
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
