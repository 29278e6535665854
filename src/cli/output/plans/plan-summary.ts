import type { Activation } from '../../../engine/activation.ts'
import type { KeptRecord, PlanReport } from '../../../engine/plan-activation.ts'
import { invalidRowLines } from '../runs/failure-lines.ts'
import { unnamedGroup } from '../../../model/behavior.ts'
import { count, plural, time } from '../../../model/figures.ts'
import type { Nouns } from '../../../model/noun.ts'
import { amount } from '../../../model/words/amounts.ts'
import { readParts } from '../../../model/words/outcomes.ts'
import { costWords, nothingToSend, planFigures } from '../../../model/words/plan-figures.ts'
import type { Colors } from '../../../server/process/terminal.ts'
import type { Undeliverable } from '../../../store/plans/plan-statistics.ts'

/** Data for the text around the list of a Plan's writes. */
export interface PlanShown {
  /** Number of writes that were listed. */
  readonly shown: number
  /** The first skipped Records of each reason. */
  readonly inPlace: readonly KeptRecord[]
  readonly leftAlone: readonly KeptRecord[]
  readonly elsewhere: readonly KeptRecord[]
  readonly saved?: { readonly file: string; readonly hash: string; readonly expiresAt: number } | undefined
  /** Options for suggested commands, so that they use the same project. */
  readonly options: string
}

/** Maximum number of Records named per list. */
export const namedKept = 5
const namedGroups = 5

/** The summary of a Plan, printed below the list of its writes. */
export function planSummary(report: PlanReport, activation: Activation, around: PlanShown, colors: Colors): string[] {
  const { counts, requests, notices, lines } = report
  const { shown } = around
  const left = counts.planned - shown
  return [
    ...(left > 0 ? [colors.dim(`… and ${count(left)} more: --all, --limit N, --format csv|json`)] : []),
    ...(shown > 0 ? [''] : []),
    headLine(report, activation, colors),
    `  ${[
      ...readParts(counts),
      ...(counts.added > 0 ? [`${count(counts.added)} new or to be retried`] : []),
      ...(counts.changed > 0 ? [`${count(counts.changed)} with changes`] : []),
    ].join(colors.dim(' · '))}`,
    ...(counts.planned > 0 ? [`  ${costWords(report.writeCalls, report.writeMs)}`] : []),
    colors.dim(
      `  ${plural(requests.read, 'read')} used to make this plan${report.timezone === undefined ? '' : ` · the query's time zone is ${report.timezone}`}`,
    ),
    ...createdFirst(report, activation).map(
      (what) => `  ${colors.yellow('!')} ${what} does not exist and would be created.`,
    ),
    ...fanOutLines(report, activation, colors),
    ...notices.map(({ words }) => `  ${colors.yellow('!')} ${words}`),
    ...undeliverableLines(report.undeliverable, colors),
    ...planFigures(lines, report.about).flatMap(({ key, label }) =>
      key === 'inPlace' || key === 'leftAlone' || key === 'elsewhere'
        ? keptLines(label, lines[key], around[key], colors)
        : [],
    ),
    ...invalidRowLines(report.invalidRows, counts.invalid, colors),
    ...guardLines(report, colors),
    '',
    ...endLines(report, activation, around, colors),
  ]
}

/** Guardrails that would block a Run of this Plan. */
export function blockedBy({ violations }: PlanReport): PlanReport['violations'] {
  return violations.filter(({ allowed }) => !allowed)
}

function headLine(report: PlanReport, activation: Activation, colors: Colors): string {
  const { counts, links, lines } = report
  const name = colors.bold(activation.name)
  if (counts.planned === 0)
    return `${name}: ${lines.notLoaded + lines.onHold > 0 ? 'nothing to send' : 'nothing to do'} (${nothingToSend(lines, counts, report.about)})`
  if (activation.object.group === undefined) return `${name}: ${recordWords(report).join(colors.dim(' · '))}`
  const parts = (['attach', 'detach'] as const).map((kind) =>
    linkWords(
      links.filter((each) => each.kind === kind),
      kind === 'attach' ? lines.adds : lines.removes,
      report.about.nouns,
      colors,
    ),
  )
  return `${name}: ${parts.filter((part) => part !== '').join(', ')}`
}

/** `20 contacts would lose "VIP" (id 101)`, or with several groups `40 tags would be detached from 20 contacts: "VIP" (id 101) 20, "Trial" (id 102) 20`. */
function linkWords(links: PlanReport['links'], records: number, { record, group }: Nouns, colors: Colors): string {
  const [first] = links
  if (first === undefined) return ''
  const isAdded = first.kind === 'attach'
  const titles = links
    .slice(0, namedGroups)
    .map(
      ({ name, id, links: n }) =>
        `"${name}"${id === null ? '' : colors.dim(` (id ${id})`)}${links.length === 1 ? '' : ` ${count(n)}`}`,
    )
  const named =
    links.length > namedGroups
      ? `${titles.join(', ')} and ${count(links.length - namedGroups)} more`
      : titles.join(', ')
  if (links.length === 1) return `${amount(records, record)} would ${isAdded ? 'get' : 'lose'} ${named}`
  const total = links.reduce((sum, { links: n }) => sum + n, 0)
  return `${amount(total, group ?? unnamedGroup)} would be ${isAdded ? 'attached to' : 'detached from'} ${amount(records, record)}: ${named}`
}

/** The operations on whole records: `create 120`, `update 37 (112 values)`. */
function recordWords({ lines, values, upsertsCreate }: PlanReport): string[] {
  const figures: readonly (readonly [string, number, string])[] = [
    ['create', lines.creates + (upsertsCreate ? lines.upserts : 0), ''],
    ['create or update', upsertsCreate ? 0 : lines.upserts, ''],
    ['update', lines.updates, ` (${plural(values, 'value')})`],
    ['archive', lines.archives, ''],
    ['delete', lines.deletes, ' (cannot be undone)'],
  ]
  return figures.filter(([, n]) => n > 0).map(([what, n, more]) => `${what} ${count(n)}${more}`)
}

function createdFirst({ toCreate }: PlanReport, { object }: Activation): string[] {
  return toCreate.map((name) =>
    object.group === undefined ? `The field ${name}` : `The ${object.group.noun.one} "${name}"`,
  )
}

/** How many target records are written, if a Record may match several. */
function fanOutLines({ fanOut }: PlanReport, { identifier }: Activation, colors: Colors): string[] {
  if (fanOut === undefined || fanOut.widest.length === 0) return []
  const widest = fanOut.widest.map(({ key, targetRecords }) => `${key} to ${count(targetRecords)}`).join(', ')
  return [
    `  ${colors.yellow('!')} ${plural(fanOut.records, 'record')} would go to ${count(fanOut.targetRecords)} target records, because ${identifier.field} can match several (matches: all). The largest: ${widest}.`,
  ]
}

function keptLines(title: string, total: number, first: readonly KeptRecord[], colors: Colors): string[] {
  if (total === 0) return []
  return [
    '',
    `${colors.bold(title)}: ${count(total)}`,
    ...first.map(({ record, group }) => (group === undefined ? `  ${record}` : `  ${record}  ${colors.dim(group)}`)),
    ...(total > first.length
      ? [colors.dim(`  … and ${count(total - first.length)} more: --format csv|json lists them`)]
      : []),
  ]
}

function guardLines({ violations }: PlanReport, colors: Colors): string[] {
  if (violations.length === 0) return []
  return [
    '',
    ...violations.map(({ rule, words, allowed }) =>
      allowed
        ? `${colors.yellow('!')} ${words} ${colors.dim(`[guard-${rule}]`)} Overridden by --allow ${rule}.`
        : `${colors.red('✗')} A Run would be blocked: ${words} ${colors.dim(`[guard-${rule}]`)}`,
    ),
  ]
}

function endLines(report: PlanReport, { name }: Activation, { saved, options }: PlanShown, colors: Colors): string[] {
  // A saved plan carries its overrides; a Run without one needs all of them again.
  const rules = (saved === undefined ? report.violations : blockedBy(report)).map(({ rule }) => rule)
  const allow = rules.length === 0 ? '' : ` --allow ${rules.join(',')}`
  const next = `${colors.cyan('→')} tailrace run ${name}`
  if (saved !== undefined) {
    return [
      `Saved to ${saved.file}, valid until ${time(new Date(saved.expiresAt))} ${colors.dim(`(sha256 ${saved.hash.slice(0, 12)}…)`)}. Nothing was sent.`,
      `${next} --plan ${saved.file}${allow}${options}`,
    ]
  }
  if (report.counts.planned === 0) return ['Nothing was sent.']
  return [`Nothing was sent. ${next}${allow}${options}${allow === '' ? '' : colors.dim('   # if this is intended')}`]
}

/** A code as words: `not found`, `already exists`. */
function codeWords(code: string): string {
  return code === '' ? 'no reason given' : code.replaceAll('-', ' ')
}

/** Records that cannot be delivered or must wait: by reason, with the first few messages. */
function undeliverableLines(groups: readonly Undeliverable[], colors: Colors): string[] {
  return [
    ...partLines(
      'Cannot be delivered',
      groups.filter(({ kind }) => kind === 'reject'),
      colors,
    ),
    ...partLines(
      'On hold until a later Run',
      groups.filter(({ kind }) => kind === 'wait'),
      colors,
    ),
  ]
}

function partLines(title: string, groups: readonly Undeliverable[], colors: Colors): string[] {
  if (groups.length === 0) return []
  return [
    '',
    `${colors.bold(title)}: ${groups.map((group) => `${count(group.count)} ${codeWords(group.code)}`).join(', ')}`,
    ...groups.flatMap(({ code, count: total, first }) => [
      ...first.map(({ key, message }) => `  ${key}  ${colors.dim(`${message} [${code}]`)}`),
      ...(total > first.length
        ? [colors.dim(`  … and ${count(total - first.length)} more ${codeWords(code)}: --format csv|json lists them`)]
        : []),
    ]),
  ]
}
