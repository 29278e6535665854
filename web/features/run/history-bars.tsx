import type { RunStatus } from '../../../src/model/run.ts'
import { count } from '../../lib/format.ts'
import { runLooks, type Tone } from '../../lib/status-words.ts'

export interface HistoryRun {
  readonly run: number
  readonly status: RunStatus
  readonly delivered: number
  readonly failed: number
}

const places = 20
const width = 4
const gap = 1.5
const height = 26

const marks: Readonly<Record<Tone, string>> = {
  good: 'var(--mark-good)',
  busy: 'var(--mark-busy)',
  warn: 'var(--mark-warn)',
  bad: 'var(--mark-bad)',
  quiet: 'var(--mark-quiet)',
}

/** The last 20 Runs, oldest first. Height: Records sent; top part: failed Records; cross: the whole Run failed. */
export function HistoryBars({ runs }: { readonly runs: readonly HistoryRun[] }) {
  if (runs.length === 0) return <span style={{ color: 'var(--mantine-color-dimmed)' }}>no Runs</span>
  const shown = runs.slice(-places)
  const most = Math.max(1, ...shown.map(({ delivered, failed }) => delivered + failed))
  const offset = (places - shown.length) * (width + gap)
  return (
    <svg width={places * (width + gap)} height={height} role="img" aria-label={wordsOf(shown)}>
      {Array.from({ length: places - shown.length }, (_, at) => (
        <rect key={-at} x={at * (width + gap)} y={height - 1.5} width={width} height={1.5} fill="var(--line)" />
      ))}
      {shown.map((run, at) => (
        <Bar key={run.run} run={run} x={offset + at * (width + gap)} most={most} />
      ))}
    </svg>
  )
}

function Bar({ run, x, most }: { readonly run: HistoryRun; readonly x: number; readonly most: number }) {
  const { tone, word } = runLooks[run.status]
  const title = (
    <title>{`Run ${run.run}: ${word}, ${count(run.delivered)} delivered, ${count(run.failed)} failed`}</title>
  )
  if (tone === 'bad') {
    const [left, right, top, bottom] = [x + 0.5, x + width - 0.5, height - 6, height - 1]
    return (
      <g stroke="var(--mark-bad)" strokeWidth={1.6}>
        {title}
        <path d={`M${left} ${top}L${right} ${bottom}M${right} ${top}L${left} ${bottom}`} />
        <rect x={x} y={0} width={width} height={height} fill="transparent" stroke="none" />
      </g>
    )
  }
  // Square root scale, so that a first Run with a million Records does not flatten the others.
  const total = run.delivered + run.failed
  const full = total === 0 ? 2 : Math.max(3, Math.sqrt(total / most) * height)
  const failed = total === 0 ? 0 : Math.max(run.failed > 0 ? 2 : 0, full * (run.failed / total))
  return (
    <g>
      {title}
      <rect
        x={x}
        y={height - full}
        width={width}
        height={full}
        rx={1}
        fill={total === 0 ? marks.quiet : tone === 'busy' ? marks.busy : marks.good}
      />
      {failed > 0 && <rect x={x} y={height - full} width={width} height={failed} rx={1} fill={marks.warn} />}
    </g>
  )
}

function wordsOf(runs: readonly HistoryRun[]): string {
  const byWord = new Map<string, number>()
  for (const { status } of runs)
    byWord.set(runLooks[status].word.toLowerCase(), (byWord.get(runLooks[status].word.toLowerCase()) ?? 0) + 1)
  return `The last ${runs.length === 1 ? 'Run' : `${runs.length} Runs`}: ${[...byWord].map(([word, n]) => `${n} ${word}`).join(', ')}`
}
