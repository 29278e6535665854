import type { Pool } from 'pg'
import { countDeeds, type Deeds } from '../store/deeds.ts'
import { findRun } from '../store/runs.ts'

/** What a Run did to things as a whole, for JSON: `{ deeds }` of one that set Fields or did anything to whole things, and nothing of one for tags. */
export async function deedsJson(pool: Pool, id: number): Promise<{ readonly deeds?: Deeds }> {
  const [deeds, run] = await Promise.all([countDeeds(pool, id), findRun(pool, id)])
  const isAboutThings = (run?.mapping ?? null) !== null || Object.values(deeds).some((n) => n > 0)
  return isAboutThings ? { deeds } : {}
}
