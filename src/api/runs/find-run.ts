import type { Pool } from 'pg'
import { Fault } from '../../model/fault.ts'
import { findListedRun, type ListedRun } from '../../store/runs/run-pages.ts'

export async function requireRun(pool: Pool, run: number): Promise<ListedRun> {
  const found = await findListedRun(pool, run)
  if (found === undefined)
    throw new Fault('usage', `There is no Run ${run}.`, {
      code: 'run-not-found',
      advice: 'List the Runs with GET /api/runs. Runs older than the retention time are deleted.',
    })
  return found
}
