import { withoutAbsent } from '../../../model/absent-groups.ts'
import type { FailureGroup } from '../../../store/ledger/failures.ts'
import type { InvalidRowGroup } from '../../../store/ledger/invalid-rows.ts'
import type { Effects } from '../../../store/ledger/effects.ts'
import type { RunSummary } from '../../../store/runs/runs.ts'
import { effectWords, figuresOf } from './run-figures.ts'
import { errorLines } from '../describe-error.ts'
import type { FaultKind } from '../../../model/fault.ts'
import { failureLines, invalidRowLines } from './failure-lines.ts'
import { count, duration, time } from '../../../model/figures.ts'
import { nounsWithoutObject } from '../../../model/noun.ts'
import type { Counts } from '../../../model/run.ts'
import { requestWords } from '../../../model/words/outcomes.ts'
import { endWords, reachOf } from '../../../model/words/run-sentence.ts'
import { statusMark } from './run-summary.ts'
import { table } from '../table.ts'
import type { Colors } from '../../../server/process/terminal.ts'

export interface RunDetails {
  readonly effects: Effects
  readonly failures: readonly FailureGroup[]
  readonly invalidRows: readonly InvalidRowGroup[]
}

/** One stored Run. */
export function showSummary(
  run: RunSummary,
  { effects, failures, invalidRows }: RunDetails,
  { now, options, width }: { readonly now: number; readonly options: string; readonly width: number },
  colors: Colors,
): string[] {
  const { counts, requests } = figuresOf(run)
  const ended =
    run.status === 'interrupted' && run.finishedAt === null
      ? 'not finished: its process is gone'
      : run.finishedAt === null
        ? `still running, for ${duration(now - run.startedAt.getTime())}`
        : `${time(run.finishedAt)}, after ${duration(run.finishedAt.getTime() - run.startedAt.getTime())}`
  const done = effectWords(effects)
  const nouns = run.nouns ?? nounsWithoutObject(run.groups.length > 0)
  const reach = reachOf({ status: run.status, counts })
  const facts: readonly (readonly [string, string])[] = [
    ['started', time(run.startedAt)],
    ['ended', ended],
    ['by', run.worker],
    ['does', `${run.behavior} · ${run.object} found by ${run.identifier}`],
    [
      nouns.group?.many ?? 'groups',
      withoutAbsent(run.groups)
        .map(({ name, id }) => `"${name}"${id === null ? '' : ` (id ${id})`}`)
        .join(', '),
    ],
    [
      'fields',
      Object.entries(run.mapping ?? {})
        .map(([field, from]) => `${field} ← ${from}`)
        .join(' · '),
    ],
    ['allowed', run.allowed.length === 0 ? '' : `${run.allowed.join(', ')} (guardrails overridden by --allow)`],
    ['rows', reach === 'before the read' ? 'not read' : `${count(counts.read)} read, ${count(counts.invalid)} invalid`],
    [nouns.record.many, reach === 'compared' ? comparedWords(counts) : 'not compared'],
    ...outcomeFacts(run, counts, done),
    ['requests', requests === null ? '' : requestWords(requests)],
  ]
  const next = [
    ...(failures.length > 0 ? [`tailrace show ${run.id} --records failed${options}`] : []),
    ...(invalidRows.length > 0 ? [`tailrace show ${run.id} --records invalid${options}`] : []),
  ]
  return [
    `${statusMark(run.status, colors)} ${colors.bold(run.activation)}: Run ${run.id} ${run.status}`,
    ...table(
      [{ title: '' }, { title: '', wraps: true }],
      facts.filter(([, value]) => value !== '').map(([name, value]) => [`  ${colors.dim(name)}`, value]),
      { dim: colors.dim, width },
    ),
    ...(run.finishedAt === null && run.status !== 'interrupted'
      ? []
      : endWords({ status: run.status, counts, requests }).map((words) => `  ${words}`)),
    ...run.notices.map(({ words }) => `  ${colors.yellow('!')} ${words}`),
    ...(run.fault === null || run.fault.kind === 'cancelled'
      ? []
      : [
          '',
          ...errorLines(
            {
              kind: run.fault.kind as FaultKind,
              code: run.fault.code,
              message: run.fault.message,
              ...(run.fault.advice !== null && { advice: run.fault.advice }),
              ...(run.fault.requestId !== null && { requestId: run.fault.requestId }),
            },
            colors,
          ),
        ]),
    ...failureLines(failures, colors),
    ...invalidRowLines(invalidRows, counts.invalid, colors),
    ...(next.length > 0 ? ['', ...next.map((line) => `${colors.cyan('→')} ${line}`)] : []),
  ]
}

function comparedWords({ added, changed, removed, unchanged }: Counts): string {
  return `${count(added)} new or to be retried, ${count(changed)} with changes, ${count(unchanged)} unchanged, ${count(removed)} no longer asked for`
}

/** The Outcomes. Of a Run whose process died they are counted when the next Run begins. */
function outcomeFacts(
  { status, finishedAt }: RunSummary,
  counts: Counts,
  done: readonly string[],
): readonly (readonly [string, string])[] {
  if (finishedAt === null && status === 'interrupted')
    return [['outcomes', 'not counted yet: the next Run settles them']]
  return [
    ['delivered', [count(counts.delivered), ...(done.length > 0 ? [`(${done.join(', ')})`] : [])].join(' ')],
    ['already in place', count(counts.alreadyInPlace)],
    ...(counts.leftAlone > 0 ? [['skipped', count(counts.leftAlone)] as const] : []),
    ['not loaded', count(counts.rejected)],
    ['on hold', count(counts.onHold)],
    ['unconfirmed', count(counts.unconfirmed)],
  ]
}
