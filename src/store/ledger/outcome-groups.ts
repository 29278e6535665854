import type { Pool } from 'pg'
import { countOutcomes, type OutcomeGroup } from './ledger.ts'

/** The Outcomes of a Run in figures, as saved at its end; counted while the Run is in progress, or if an older version ended it. */
export async function readOutcomeGroups(pool: Pool, runId: number): Promise<readonly OutcomeGroup[]> {
  const {
    rows: [run],
  } = await pool.query<{ groups: readonly OutcomeGroup[] | null }>(
    'select outcome_groups as groups from run where id = $1',
    [runId],
  )
  return run?.groups ?? (await countOutcomes(pool, runId)).groups
}
