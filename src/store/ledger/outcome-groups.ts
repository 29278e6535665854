import type { Pool } from 'pg'
import { countOutcomes, type OutcomeGroup } from './ledger.ts'
import type { RunLease } from '../snapshot/marks.ts'

/** Writes down at the end of a Run how its Records fared, so that nobody need count a million lines to see it. */
export async function saveOutcomeGroups(pool: Pool, { runId, attempt }: RunLease, groups: readonly OutcomeGroup[]): Promise<void> {
  await pool.query('update run set outcome_groups = $3 where id = $1 and attempt = $2 and finished_at is null', [runId, attempt, JSON.stringify(groups)])
}

/** As they were written down; counted, as long as the Run goes on or where an older version ended it. */
export async function readOutcomeGroups(pool: Pool, runId: number): Promise<readonly OutcomeGroup[]> {
  const { rows: [run] } = await pool.query<{ groups: readonly OutcomeGroup[] | null }>('select outcome_groups as groups from run where id = $1', [runId])
  return run?.groups ?? (await countOutcomes(pool, runId)).groups
}
