import { count, duration, time } from '../../../model/figures.ts'
import type { Terminal } from '../../../server/process/terminal.ts'
import type { RunSummary } from '../../../store/runs/runs.ts'
import { table } from '../table.ts'
import { figuresOf } from './run-figures.ts'
import { statusMark } from './run-summary.ts'

/** Runs, one per line. Outcomes are counted when a Run ends: until then they are shown as `…`, or as `?` if its process died. */
export function runTable(
  runs: readonly RunSummary[],
  now: number,
  { colors, width }: Pick<Terminal, 'colors' | 'width'>,
): string[] {
  const rows = runs.map((run) => {
    const { read, delivered, alreadyInPlace, rejected, onHold, unconfirmed, invalid } = figuresOf(run).counts
    const unknown = run.status === 'interrupted' ? '?' : '…'
    const outcome = (n: number): string => (run.finishedAt === null ? unknown : count(n))
    const failed = rejected + onHold + unconfirmed + invalid
    return [
      String(run.id),
      run.activation,
      `${statusMark(run.status, colors)} ${run.status}`,
      time(run.startedAt),
      duration((run.finishedAt?.getTime() ?? now) - run.startedAt.getTime()),
      count(read),
      outcome(delivered),
      outcome(alreadyInPlace),
      failed > 0 ? colors.yellow(outcome(failed)) : outcome(0),
    ]
  })
  return table(
    [
      { title: 'run', align: 'right' },
      { title: 'activation', isHead: true },
      { title: 'status', isHead: true },
      { title: 'started', isNamed: true },
      { title: 'took', align: 'right' },
      { title: 'read', align: 'right' },
      { title: 'delivered', align: 'right' },
      { title: 'in place', align: 'right' },
      { title: 'failed', align: 'right' },
    ],
    rows,
    { dim: colors.dim, width },
  )
}
