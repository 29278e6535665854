import { companyIntercomId } from '../src/targets/intercom/emulator/index.ts'
import { measure, type MeasuredProcess } from './spawn.ts'
import { fillTable, type BenchActivation, type Stage } from './stage.ts'
import { interleave, median } from './statistics.ts'
import { spread, tableLines, whole, type Cells } from './table.ts'

const activation: BenchActivation = {
  name: 'million',
  object: 'company_tag',
  query: 'select id from companies',
  delivery: 'batch',
}

export interface UnchangedRunFigures {
  readonly rows: number
  /** The Run that built the Snapshot, and its number of calls. */
  readonly first: MeasuredProcess
  readonly firstCalls: number
  readonly stream: readonly MeasuredProcess[]
  readonly unchanged: readonly MeasuredProcess[]
  /** Seconds of an unchanged Run divided by seconds of the bare stream: the median of the rounds' ratios. */
  readonly ratio: number
}

/** Compares a Run in which no row changed with streaming the same rows and doing nothing. */
export async function benchUnchangedRun(
  stage: Stage,
  { rows, rounds }: { readonly rows: number; readonly rounds: number },
): Promise<UnchangedRunFigures> {
  await fillTable(stage.warehouseUrl, 'companies', companyIntercomId(1).slice(0, -10), rows)
  await stage.reset({ latencyMs: 0 })
  const first = await stage.run(activation)
  const { counters, tagged } = await stage.seen()
  if (tagged !== rows) throw new Error(`${tagged} of ${rows} companies carry the tag: ${JSON.stringify(first.details)}`)
  const pairs = await interleave(
    rounds,
    () => stream(stage, rows),
    () => unchangedRun(stage, rows),
  )
  return {
    rows,
    first,
    firstCalls: counters.total,
    stream: pairs.map(([bare]) => bare),
    unchanged: pairs.map(([, run]) => run),
    ratio: median(pairs.map(([bare, run]) => run.workMs / bare.workMs)),
  }
}

async function stream(stage: Stage, rows: number): Promise<MeasuredProcess> {
  const measured = await measure('bare-stream-process.ts', [stage.warehouseUrl, activation.query])
  if (measured.details['read'] !== rows) throw new Error(`streamed ${String(measured.details['read'])} of ${rows} rows`)
  return measured
}

async function unchangedRun(stage: Stage, rows: number): Promise<MeasuredProcess> {
  const measured = await stage.run(activation)
  const { status, counts } = measured.details as {
    status: string
    counts: { read: number; unchanged: number; planned: number }
  }
  if (status !== 'shelved' || counts.read !== rows || counts.unchanged !== rows || counts.planned !== 0) {
    throw new Error(`the Run was to find nothing: ${JSON.stringify(measured.details)}`)
  }
  return measured
}

export function unchangedRunLines({
  rows,
  first,
  firstCalls,
  stream,
  unchanged,
  ratio,
}: UnchangedRunFigures): string[] {
  return [
    `Second Run over ${whole(rows)} PostgreSQL rows, nothing changed`,
    ...tableLines(
      ['', 'seconds', 'times the stream', 'whole process, s', 'CPU s', 'peak MB'],
      [row('bare stream of the rows', stream, undefined), row('Tailrace, unchanged Run', unchanged, ratio)],
    ),
    `The first Run, which built the Snapshot with ${whole(firstCalls)} calls: ${(first.workMs / 1000).toFixed(1)} s, ` +
      `${whole((rows / first.workMs) * 1000)} records/s, ${first.cpuSeconds.toFixed(1)} CPU s, peak ${whole(first.peakMb)} MB.`,
  ]
}

function row(name: string, rounds: readonly MeasuredProcess[], ratio: number | undefined): Cells {
  const middle = (pick: (round: MeasuredProcess) => number): number => median(rounds.map(pick))
  const seconds = rounds.map(({ workMs }) => workMs / 1000)
  return [
    name,
    spread(seconds, median(seconds), (figure) => figure.toFixed(2)),
    ratio === undefined ? '' : ratio.toFixed(2),
    (middle(({ wallMs }) => wallMs) / 1000).toFixed(2),
    middle(({ cpuSeconds }) => cpuSeconds).toFixed(2),
    whole(middle(({ peakMb }) => peakMb)),
  ]
}
