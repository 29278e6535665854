import type { Pool } from 'pg'
import { countEffects, type Effects } from '../../../store/ledger/effects.ts'
import { findRun } from '../../../store/runs/runs.ts'

/** Effects on whole records as JSON, for Runs that map Fields or affected whole records. Omitted for link-only Runs. */
export async function effectsJson(pool: Pool, id: number): Promise<{ readonly effects?: Effects }> {
  const [effects, run] = await Promise.all([countEffects(pool, id), findRun(pool, id)])
  const isAboutRecords = (run?.mapping ?? null) !== null || Object.values(effects).some((n) => n > 0)
  return isAboutRecords ? { effects } : {}
}
