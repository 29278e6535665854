import type { Pool } from 'pg'
import { countOutcomes, type OutcomeGroup } from './ledger.ts'
import type { RunLease } from '../snapshot/marks.ts'

/** Saves the Outcomes of a Run in figures at its end, so that no reader has to count a million lines. */
export async function saveOutcomeGroups(
  pool: Pool,
  { runId, attempt }: RunLease,
  groups: readonly OutcomeGroup[],
): Promise<void> {
  await pool.query('update run set outcome_groups = $3 where id = $1 and attempt = $2 and finished_at is null', [
    runId,
    attempt,
    JSON.stringify(groups),
  ])
}

/** As saved; counted while the Run is in progress, or if an older version ended it. */
export async function readOutcomeGroups(pool: Pool, runId: number): Promise<readonly OutcomeGroup[]> {
  const {
    rows: [run],
  } = await pool.query<{ groups: readonly OutcomeGroup[] | null }>(
    'select outcome_groups as groups from run where id = $1',
    [runId],
  )
  return run?.groups ?? (await countOutcomes(pool, runId)).groups
}
