import { stat } from 'node:fs/promises'
import { companyIntercomId } from '../src/targets/intercom/emulator/index.ts'
import type { MeasuredProcess } from './spawn.ts'
import { fillTable, type Stage } from './stage.ts'
import { median } from './statistics.ts'
import { spread, tableLines, whole } from './table.ts'

export interface PlanFigures {
  readonly rows: number
  readonly rounds: readonly MeasuredProcess[]
  readonly fileMb: number
}

/** An exact Plan of this many writes, saved to a file. All rows are new, so each one is a line. */
export async function benchPlan(
  stage: Stage,
  { rows, rounds }: { readonly rows: number; readonly rounds: number },
): Promise<PlanFigures> {
  await fillTable(stage.warehouseUrl, 'planned', companyIntercomId(1).slice(0, -10), rows)
  const measured: MeasuredProcess[] = []
  let fileMb = 0
  for (let round = 0; round < rounds; round += 1) {
    await stage.reset({ latencyMs: 0 })
    const { file, ...process } = await stage.plan({
      name: 'planned',
      object: 'company_tag',
      query: 'select id from planned',
      delivery: 'batch',
    })
    const { lines } = process.details as { lines: { adds: number } }
    if (lines.adds !== rows) throw new Error(`the plan was to have ${rows} writes: ${JSON.stringify(process.details)}`)
    const { counters } = await stage.seen()
    if (counters.writes > 0) throw new Error(`planning wrote ${counters.writes} times`)
    fileMb = (await stat(file)).size / 1e6
    measured.push(process)
  }
  return { rows, rounds: measured, fileMb }
}

export function planLines({ rows, rounds, fileMb }: PlanFigures): string[] {
  const seconds = rounds.map(({ workMs }) => workMs / 1000)
  const saving = rounds.map(({ details }) => Number(details['saveMs']) / 1000)
  return [
    `Exact plan of ${whole(rows)} writes, saved to a file of ${whole(fileMb)} MB`,
    ...tableLines(
      ['', 'seconds', 'of which saving', 'lines/s', 'CPU s', 'peak MB'],
      [
        [
          'Tailrace, plan',
          spread(seconds, median(seconds), (figure) => figure.toFixed(1)),
          median(saving).toFixed(1),
          whole(rows / median(seconds)),
          median(rounds.map(({ cpuSeconds }) => cpuSeconds)).toFixed(1),
          whole(median(rounds.map(({ peakMb }) => peakMb))),
        ],
      ],
    ),
  ]
}
