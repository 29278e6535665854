import type { Activation } from '../engine/activation.ts'
import type { PlanReport } from '../engine/plan.ts'
import { namedFailures } from './failure-lines.ts'
import { count, duration, plural } from './figures.ts'
import type { Colors } from './terminal.ts'

/** What a Plan comes to: for people, below the list of its writes. */
export function planSummary(report: PlanReport, activation: Activation, shown: number, options: string, colors: Colors): string[] {
  const { counts, toCreate, notices } = report
  const left = counts.planned - shown
  return [
    ...left > 0 ? [colors.dim(`… and ${count(left)} more: --all, --limit N, --format csv|json`)] : [],
    ...shown > 0 ? [''] : [],
    headLine(report, activation, colors),
    `  ${[`${count(counts.read)} rows read`, counts.refused > 0 && `${count(counts.refused)} refused`, `${count(counts.added)} to send`, `${count(counts.unchanged)} unchanged`,
      counts.removed > 0 && `${count(counts.removed)} left the query`].filter((part) => part !== false).join(colors.dim(' · '))}`,
    ...counts.planned > 0 ? [`  ${costOf(report)}`] : [],
    ...toCreate.map((name) => `  ${colors.yellow('!')} The ${activation.object.members?.noun ?? 'member'} "${name}" does not exist and would be created.`),
    ...notices.map((notice) => `  ${colors.yellow('!')} ${notice}`),
    ...refusedLines(report, colors),
    '',
    counts.planned > 0
      ? `Nothing was sent. ${colors.cyan('→')} tailrace run ${activation.name}${options}`
      : 'Nothing was sent.',
  ]
}

function headLine({ counts, members }: PlanReport, { name, behavior }: Activation, colors: Colors): string {
  if (counts.planned === 0) return `${colors.bold(name)}: nothing to do`
  const tags = members.map((member) => `"${member.name}"${member.id === null ? '' : colors.dim(` (id ${member.id})`)}`).join(', ')
  const verb = behavior.plan.added === 'remove' ? 'would lose' : 'would get'
  return `${colors.bold(name)}: ${plural(counts.planned, 'record')} ${verb} ${tags}`
}

function costOf({ writeCalls, writeMs }: PlanReport): string {
  const calls = plural(writeCalls, 'write call')
  if (writeMs === undefined) return calls
  return writeMs <= 0 ? `${calls}: within one rate-limit window` : `${calls}: at least ${duration(writeMs)} at the account's rate limit`
}

function refusedLines({ counts, refusals }: PlanReport, colors: Colors): string[] {
  if (counts.refused === 0) return []
  const named = refusals.slice(0, 2 * namedFailures)
  return [
    '', `${colors.bold('Refused rows')}: ${count(counts.refused)}${colors.dim(' (they cannot become records)')}`,
    ...named.map(({ message }) => `  ${message}`),
    ...counts.refused > named.length ? [colors.dim(`  … and ${count(counts.refused - named.length)} more`)] : [],
  ]
}
