import type { Pool } from 'pg'
import { knownRequests, noCounts, type Counts, type RequestCounts } from '../../../model/run.ts'
import { countEffects, type Effects } from '../../../store/ledger/effects.ts'
import { count } from '../../../model/figures.ts'
import { findRun } from '../../../store/runs/runs.ts'

/** The figures of a stored Run: zeros for what is not known yet. `requests` null: the Run goes on, or its process died. */
export function figuresOf(run: { readonly counts: Partial<Counts>; readonly requests: Partial<RequestCounts> }): {
  counts: Counts
  requests: RequestCounts | null
} {
  return { counts: { ...noCounts, ...run.counts }, requests: knownRequests(run.requests) }
}

/** The figures as JSON. */
export function figuresJson(run: Parameters<typeof figuresOf>[0]): {
  counts: Omit<Counts, 'leftAlone'>
  leftAlone: number
  requests: RequestCounts | null
} {
  const {
    counts: { leftAlone, ...counts },
    requests,
  } = figuresOf(run)
  return { counts, leftAlone, requests }
}

/** Effects on whole records, without zeros: `120 created`, `37 updated`. */
export function effectWords({ created, updated, archived, deleted, restored }: Effects): string[] {
  const figures: readonly (readonly [string, number])[] = [
    ['created', created],
    ['updated', updated],
    ['archived', archived],
    ['deleted', deleted],
    ['unarchived', restored],
  ]
  return figures.filter(([, n]) => n > 0).map(([what, n]) => `${count(n)} ${what}`)
}

/** Effects on whole records as JSON, for Runs that map Fields or affected whole records. Omitted for link-only Runs. */
export async function effectsJson(pool: Pool, id: number): Promise<{ readonly effects?: Effects }> {
  const [effects, run] = await Promise.all([countEffects(pool, id), findRun(pool, id)])
  const isAboutRecords = (run?.mapping ?? null) !== null || Object.values(effects).some((n) => n > 0)
  return isAboutRecords ? { effects } : {}
}
