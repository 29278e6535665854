import type { Pool } from 'pg'
import { Fault } from '../../model/fault.ts'
import { findListedRun, type ListedRun } from '../../store/run-pages.ts'

export async function findRun(pool: Pool, run: number): Promise<ListedRun> {
  const found = await findListedRun(pool, run)
  if (found === undefined) throw new Fault('usage', `There is no Run ${run}.`, { code: 'run-not-found', advice: 'GET /api/runs lists them.' })
  return found
}
