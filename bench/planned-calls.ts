import { companyIntercomId, contactId } from '../src/targets/intercom/emulator/index.ts'
import { fillTable, type BenchActivation, type Stage } from './stage.ts'
import { tableLines, whole } from './table.ts'

export interface PlannedCallsFigures {
  readonly what: string
  readonly records: number
  readonly planned: number
  readonly made: number
}

/** Compares the number of writes in a Plan with the writes that the emulator counts, for each delivery method. */
export async function benchPlannedCalls(
  stage: Stage,
  { records }: { readonly records: number },
): Promise<PlannedCallsFigures[]> {
  await fillTable(stage.warehouseUrl, 'called_contacts', contactId(1).slice(0, -10), records)
  await fillTable(stage.warehouseUrl, 'called_companies', companyIntercomId(1).slice(0, -10), records)
  const cases: readonly (BenchActivation & { readonly what: string })[] = [
    {
      what: 'contacts, single',
      name: 'called-single',
      object: 'contact_tag',
      query: 'select id from called_contacts',
      delivery: 'single',
    },
    {
      what: 'contacts, batch',
      name: 'called-batch',
      object: 'contact_tag',
      query: 'select id from called_contacts',
      delivery: 'batch',
    },
    {
      what: 'companies, batch',
      name: 'called-companies',
      object: 'company_tag',
      query: 'select id from called_companies',
      delivery: 'batch',
    },
  ]
  const figures: PlannedCallsFigures[] = []
  for (const { what, ...activation } of cases) {
    await stage.reset({ latencyMs: 0 })
    const { details } = await stage.plan(activation)
    const run = await stage.run(activation)
    if (run.details['status'] !== 'completed')
      throw new Error(`the Run did not complete: ${JSON.stringify(run.details)}`)
    figures.push({ what, records, planned: Number(details['writeCalls']), made: (await stage.seen()).counters.writes })
  }
  return figures
}

export function plannedCallsLines(figures: readonly PlannedCallsFigures[]): string[] {
  return [
    'Calls that write: as the plan says, and as the emulator counts',
    ...tableLines(
      ['', 'records', 'planned', 'made'],
      figures.map(({ what, records, planned, made }) => [what, whole(records), whole(planned), whole(made)]),
    ),
  ]
}
