import { companyIntercomId, contactId } from '../src/targets/intercom/emulator/index.ts'
import type { MeasuredProcess } from './spawn.ts'
import { fillTable, type BenchActivation, type Stage } from './stage.ts'
import { median } from './statistics.ts'
import { spread, tableLines, whole } from './table.ts'

export interface UsedDatabaseFigures {
  /** Number of records of the other Activation. */
  readonly beside: number
  readonly runs: readonly {
    readonly words: string
    readonly records: number
    readonly rounds: readonly MeasuredProcess[]
  }[]
}

export interface UsedDatabaseOptions {
  readonly beside: number
  readonly companies: number
  readonly contacts: number
  readonly rounds: number
}

/**
 * First Runs on a control database in use: another Activation has many records, and the server's statistics know it. On
 * a new database the planner assumes small tables, which hides statements that read all records of an Activation per
 * batch.
 */
export async function benchUsedDatabase(
  stage: Stage,
  { beside, companies, contacts, rounds }: UsedDatabaseOptions,
): Promise<UsedDatabaseFigures> {
  await fillTable(stage.warehouseUrl, 'used_companies', companyIntercomId(1).slice(0, -10), beside)
  await fillTable(stage.warehouseUrl, 'used_contacts', contactId(1).slice(0, -10), contacts)
  await stage.reset({ latencyMs: 0 })
  done(
    await stage.run({ name: 'used', object: 'company_tag', query: 'select id from used_companies', delivery: 'batch' }),
  )
  const runs = [
    {
      words: 'companies, batches',
      records: companies,
      activation: {
        object: 'company_tag',
        query: `select id from used_companies limit ${companies}`,
        delivery: 'batch',
      },
    },
    {
      words: 'contacts, single calls',
      records: contacts,
      activation: { object: 'contact_tag', query: 'select id from used_contacts', delivery: 'single' },
    },
  ] as const
  const figures: { words: string; records: number; rounds: MeasuredProcess[] }[] = runs.map(({ words, records }) => ({
    words,
    records,
    rounds: [],
  }))
  for (let round = 1; round <= rounds; round += 1) {
    for (const [at, { activation }] of runs.entries()) {
      await stage.reset({ latencyMs: 0 })
      const named: BenchActivation = { ...activation, name: `used-${at}-${round}` }
      figures[at]?.rounds.push(done(await stage.run(named, { analyzed: true })))
    }
  }
  return { beside, runs: figures }
}

function done(measured: MeasuredProcess): MeasuredProcess {
  if (measured.details['status'] !== 'completed')
    throw new Error(`the Run did not complete: ${JSON.stringify(measured.details)}`)
  return measured
}

export function usedDatabaseLines({ beside, runs }: UsedDatabaseFigures): string[] {
  return [
    `First Runs on a used database: beside an Activation of ${whole(beside)} records, with statistics up to date`,
    ...tableLines(
      ['', 'records', 'seconds', 'records/s', 'CPU s', 'peak MB'],
      runs.map(({ words, records, rounds }) => {
        const seconds = rounds.map(({ workMs }) => workMs / 1000)
        const middle = (pick: (round: MeasuredProcess) => number): number => median(rounds.map(pick))
        return [
          words,
          whole(records),
          spread(seconds, median(seconds), (figure) => figure.toFixed(2)),
          whole(records / median(seconds)),
          middle(({ cpuSeconds }) => cpuSeconds).toFixed(2),
          whole(middle(({ peakMb }) => peakMb)),
        ]
      }),
    ),
  ]
}
