import type { Pool } from 'pg'
import { Fault } from '../../model/fault.ts'
import { findListedRun, type ListedRun } from '../../store/runs/run-pages.ts'

export async function requireRun(pool: Pool, run: number): Promise<ListedRun> {
  const found = await findListedRun(pool, run)
  if (found === undefined) throw new Fault('usage', `There is no Run ${run}.`, { code: 'run-not-found', advice: 'Look for it among the Runs (GET /api/runs): those that are older than what is kept are gone.' })
  return found
}
