import type { Pool } from 'pg'
import { countEffects, type Effects } from '../../../store/ledger/effects.ts'
import { findRun } from '../../../store/runs/runs.ts'

/** What a Run did to things as a whole, for JSON: `{ effects }` of one that set Fields or did anything to whole things, and nothing of one for tags. */
export async function effectsJson(pool: Pool, id: number): Promise<{ readonly effects?: Effects }> {
  const [effects, run] = await Promise.all([countEffects(pool, id), findRun(pool, id)])
  const isAboutRecords = (run?.mapping ?? null) !== null || Object.values(effects).some((n) => n > 0)
  return isAboutRecords ? { effects } : {}
}
