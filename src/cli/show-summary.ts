import type { FailureGroup, RefusalGroup } from '../store/failures.ts'
import type { Deeds } from '../store/deeds.ts'
import type { RunSummary } from '../store/runs.ts'
import { deedWords } from './deed-words.ts'
import { errorLines } from './describe-error.ts'
import type { FaultKind } from '../model/fault.ts'
import { failureLines, refusalLines } from './failure-lines.ts'
import { count, duration, plural, time } from './figures.ts'
import { figuresOf } from './run-figures.ts'
import { statusMark } from './run-summary.ts'
import { table } from './table.ts'
import type { Colors } from './terminal.ts'

export interface RunDetails {
  readonly deeds: Deeds
  readonly failures: readonly FailureGroup[]
  readonly refusals: readonly RefusalGroup[]
}

/** One Run as it was written down. */
export function showSummary(
  run: RunSummary, { deeds, failures, refusals }: RunDetails, { now, options }: { readonly now: number; readonly options: string }, colors: Colors,
): string[] {
  const { counts, requests } = figuresOf(run)
  const ended = run.finishedAt === null
    ? `not finished, for ${duration(now - run.startedAt.getTime())} now`
    : `${time(run.finishedAt)}, after ${duration(run.finishedAt.getTime() - run.startedAt.getTime())}`
  const done = deedWords(deeds)
  const facts: readonly (readonly [string, string])[] = [
    ['started', time(run.startedAt)],
    ['ended', ended],
    ['by', run.worker],
    ['does', `${run.behavior} · ${run.object} found by ${run.identifier}`],
    ['tags', run.members.map(({ name, id }) => `"${name}"${id === null ? '' : ` (id ${id})`}`).join(', ')],
    ['fields', Object.entries(run.mapping ?? {}).map(([field, from]) => `${field} ← ${from}`).join(' · ')],
    ['allowed', run.allowed.length === 0 ? '' : `${run.allowed.join(', ')} (guardrails let through by --allow)`],
    ['rows', `${count(counts.read)} read, ${count(counts.refused)} refused`],
    ['records', `${count(counts.added)} to send, ${count(counts.unchanged)} unchanged, ${count(counts.removed)} left the query`],
    ['delivered', [count(counts.delivered), ...done.length > 0 ? [`(${done.join(', ')})`] : []].join(' ')],
    ['already in place', count(counts.alreadyInPlace)],
    ['not loaded', count(counts.rejected)],
    ['on hold', count(counts.onHold)],
    ['in doubt', count(counts.inDoubt)],
    ['requests', `${plural(requests.read + requests.write, 'request')}: ${count(requests.read)} that read, ${count(requests.write)} that wrote`],
  ]
  const next = [
    ...failures.length > 0 ? [`tailrace show ${run.id} --records failed${options}`] : [],
    ...refusals.length > 0 ? [`tailrace show ${run.id} --records refused${options}`] : [],
  ]
  return [
    `${statusMark(run.status, colors)} ${colors.bold(run.activation)}: Run ${run.id} ${run.status}`,
    ...table([{ title: '' }, { title: '' }], facts.filter(([, value]) => value !== '').map(([name, value]) => [`  ${colors.dim(name)}`, value]), colors.dim),
    ...run.notices.map((notice) => `  ${colors.yellow('!')} ${notice}`),
    ...run.fault === null || run.fault.kind === 'cancelled' ? [] : ['', ...errorLines({
      kind: run.fault.kind as FaultKind, code: run.fault.code, message: run.fault.message,
      ...(run.fault.advice !== null && { advice: run.fault.advice }), ...(run.fault.requestId !== null && { requestId: run.fault.requestId }),
    }, colors)],
    ...failureLines(failures, colors),
    ...refusalLines(refusals, counts.refused, colors),
    ...next.length > 0 ? ['', ...next.map((line) => `${colors.cyan('→')} ${line}`)] : [],
  ]
}
