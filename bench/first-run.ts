import { contactId } from '../src/targets/intercom/emulator/index.ts'
import { measure, type MeasuredProcess } from './spawn.ts'
import { fillTable, type Stage } from './stage.ts'
import { interleave, median } from './statistics.ts'
import { spread, tableLines, whole, type Cells } from './table.ts'

const concurrency = 50
const query = 'select id from contacts'

export interface FirstRunOptions {
  readonly records: number
  /** Number of rounds at each latency. */
  readonly latencies: readonly { readonly latencyMs: number; readonly rounds: number }[]
}

interface Round extends MeasuredProcess {
  readonly calls: number
}

export interface FirstRunFigures {
  readonly latencyMs: number
  readonly records: number
  readonly bare: readonly Round[]
  readonly tailrace: readonly Round[]
  /** Records per second of Tailrace divided by those of the bare loop: the median of the rounds' ratios. */
  readonly ratio: number
}

/** Compares a first Run with `delivery: single` to a bare loop with the same calls and the same concurrency. */
export async function benchFirstRun(stage: Stage, { records, latencies }: FirstRunOptions): Promise<FirstRunFigures[]> {
  await fillTable(stage.warehouseUrl, 'contacts', contactId(1).slice(0, -10), records)
  // The control database's data directory is created once per project, so no measured Run should create it.
  await stage.run({ name: 'warm-up', object: 'contact_tag', query: `${query} limit 100`, delivery: 'single' })
  const figures: FirstRunFigures[] = []
  for (const { latencyMs, rounds } of latencies) {
    let serial = 0
    const pairs = await interleave(
      rounds,
      () => bareRound(stage, latencyMs, records),
      () => tailraceRound(stage, latencyMs, records, `first-${latencyMs}-${(serial += 1)}`),
    )
    figures.push({
      latencyMs,
      records,
      bare: pairs.map(([bare]) => bare),
      tailrace: pairs.map(([, tailrace]) => tailrace),
      ratio: median(pairs.map(([bare, tailrace]) => bare.workMs / tailrace.workMs)),
    })
  }
  return figures
}

async function bareRound(stage: Stage, latencyMs: number, records: number): Promise<Round> {
  await stage.reset({ latencyMs })
  const { tagId } = await stage.seen()
  const task = { ...stage.emulator, tagId, databaseUrl: stage.warehouseUrl, query, concurrency }
  return await verified(stage, records, await measure('bare-loop-process.ts', [JSON.stringify(task)]))
}

async function tailraceRound(stage: Stage, latencyMs: number, records: number, name: string): Promise<Round> {
  await stage.reset({ latencyMs })
  const measured = await stage.run({ name, object: 'contact_tag', query, delivery: 'single' })
  if (measured.details['status'] !== 'completed')
    throw new Error(`the Run did not complete: ${JSON.stringify(measured.details)}`)
  return await verified(stage, records, measured)
}

async function verified(stage: Stage, records: number, measured: MeasuredProcess): Promise<Round> {
  const { counters, tagged } = await stage.seen()
  if (tagged !== records)
    throw new Error(`${tagged} of ${records} contacts carry the tag: ${JSON.stringify(measured.details)}`)
  return { ...measured, calls: counters.total }
}

export function firstRunLines(figures: readonly FirstRunFigures[]): string[] {
  const rows = figures.flatMap(({ latencyMs, records, bare, tailrace, ratio }) => [
    row(`bare undici loop, ${latencyMs} ms`, records, bare, undefined),
    row(`Tailrace, ${latencyMs} ms`, records, tailrace, ratio),
  ])
  return [
    `First Run of ${whole(figures[0]?.records ?? 0)} contacts, delivery: single, ${concurrency} calls in flight`,
    ...tableLines(
      ['', 'records/s', 'of the bare loop', 'seconds', 'whole process, s', 'CPU s', 'peak MB', 'calls'],
      rows,
    ),
  ]
}

function row(name: string, records: number, rounds: readonly Round[], ratio: number | undefined): Cells {
  const rates = rounds.map(({ workMs }) => (records / workMs) * 1000)
  const middle = (pick: (round: Round) => number): number => median(rounds.map(pick))
  return [
    name,
    spread(rates, median(rates), whole),
    ratio === undefined ? '' : `${whole(ratio * 100)} %`,
    (middle(({ workMs }) => workMs) / 1000).toFixed(2),
    (middle(({ wallMs }) => wallMs) / 1000).toFixed(2),
    middle(({ cpuSeconds }) => cpuSeconds).toFixed(2),
    whole(middle(({ peakMb }) => peakMb)),
    whole(middle(({ calls }) => calls)),
  ]
}
