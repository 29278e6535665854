import type { Pool } from 'pg'
import type { RunReport } from '../../../engine/run-report.ts'
import type { RunStatus } from '../../../model/run.ts'
import { outcomeParts, readParts, requestWords } from '../../../model/words/outcomes.ts'
import { endWords } from '../../../model/words/run-sentence.ts'
import { verifiedParts } from '../../../model/words/verify-words.ts'
import { countEffects, type Effects } from '../../../store/ledger/effects.ts'
import { groupFailures } from '../../../store/ledger/failures.ts'
import { groupInvalidRows } from '../../../store/ledger/invalid-rows.ts'
import { effectWords } from './run-figures.ts'
import { describeFault, errorLines } from '../describe-error.ts'
import { failureLines, namedFailures, invalidRowLines } from './failure-lines.ts'
import { duration, plural } from '../../../model/figures.ts'
import type { Colors } from '../../../server/process/terminal.ts'

/** The result of a Run, for the user who started it. */
export async function runSummary(report: RunReport, pool: Pool, colors: Colors): Promise<string[]> {
  const { run, counts, fault, notices } = report
  const failed = counts.rejected + counts.onHold + counts.unconfirmed
  return [
    headLine(report, colors),
    ...countLines(report, await countEffects(pool, run), colors),
    ...notices.map(({ words }) => `  ${colors.yellow('!')} ${words}`),
    ...(failed > 0 ? failureLines(await groupFailures(pool, run, namedFailures), colors) : []),
    ...(counts.invalid > 0
      ? invalidRowLines(await groupInvalidRows(pool, run, namedFailures), counts.invalid, colors)
      : []),
    ...(fault !== undefined && fault.kind !== 'cancelled' ? ['', ...errorLines(describeFault(fault), colors)] : []),
  ]
}

/** The mark of a status: ✓ success, ! partial success, ✗ failure, … in progress. */
export function statusMark(status: RunStatus, colors: Colors): string {
  switch (status) {
    case 'completed':
    case 'shelved':
      return colors.green('✓')
    case 'failed':
    case 'interrupted':
    case 'blocked':
    case 'stopped':
      return colors.red('✗')
    case 'completed with failures':
    case 'deferred':
    case 'cancelled':
    case 'awaiting approval':
      return colors.yellow('!')
    default:
      return colors.cyan('…')
  }
}

function headLine({ run, activation, status, durationMs }: RunReport, colors: Colors): string {
  const words = status === 'shelved' ? 'shelved: nothing to do' : status
  return `${statusMark(status, colors)} ${colors.bold(activation)}: Run ${run} ${words}, ${duration(durationMs)}`
}

function countLines(report: RunReport, effects: Effects, colors: Colors): string[] {
  const { counts, requests, verified } = report
  const [done] = outcomeParts(counts)
  const whole = effectWords(effects)
  const outcomes = outcomeParts(counts).map((part) =>
    part === done && counts.delivered > 0 && whole.length > 0 ? `${part} (${whole.join(', ')})` : part,
  )
  const separator = colors.dim(' · ')
  return [
    `  ${[...readParts(counts), ...outcomes].join(separator)}`,
    ...endWords(report).map((words) => `  ${words}`),
    ...(verified === undefined
      ? []
      : [
          `  Read back: ${verifiedParts(verified, verified.confirmed + verified.pending + verified.missing).join(separator)}`,
        ]),
    ...(requests.read + requests.write > 0 ? [colors.dim(`  ${requestWords(requests)}`)] : []),
  ]
}

/** The command that continues a deferred or cancelled Run, and what it does. */
export interface Continuation {
  readonly command: string
  readonly does: string
}

/** Suggested next commands. `options`: options for these commands, so that they use the same project. */
export function nextLines(
  { run, activation, status, counts, standing }: RunReport,
  options: string,
  colors: Colors,
  { command, does }: Continuation = { command: `run ${activation}`, does: 'continues where this Run stopped' },
): string[] {
  const next: string[] = []
  if (counts.rejected + counts.onHold + counts.unconfirmed > 0)
    next.push(`tailrace show ${run} --records failed${options}`)
  if (counts.invalid > 0) next.push(`tailrace show ${run} --records invalid${options}`)
  if (status === 'cancelled' || status === 'deferred')
    next.push(`tailrace ${command}${options}   ${colors.dim(`# ${does}`)}`)
  const earlier = standing.notLoaded - counts.rejected
  return [
    ...(earlier > 0
      ? [
          '',
          colors.dim(
            `${plural(earlier, 'record')} not loaded by earlier Runs ${earlier === 1 ? 'still waits' : 'still wait'}.`,
          ),
        ]
      : []),
    ...(next.length > 0 ? ['', ...next.map((line) => `${colors.cyan('→')} ${line}`)] : []),
  ]
}
