import type { Pool } from 'pg'
import type { PlannedKind } from '../model/operation.ts'
import type { Key } from '../model/record.ts'
import type { KeepNote } from './operations.ts'

/** Lines of a Plan that ask for the same. */
export interface PlanGroup {
  readonly kind: PlannedKind
  readonly note: KeepNote | null
  /** How many members each of them puts on or takes off. */
  readonly members: number
  readonly lines: number
}

export async function groupPlan(pool: Pool, runId: number): Promise<PlanGroup[]> {
  const { rows } = await pool.query<PlanGroup>(
    `select kind, note, cardinality(members) as members, count(*)::float8 as lines from operation
     where run_id = $1 group by kind, note, operation.members order by kind, note, operation.members`, [runId])
  return rows
}

/** The first Records that a Plan keeps its hands off for this reason. */
export async function firstKept(pool: Pool, runId: number, note: KeepNote, limit: number): Promise<{ key: Key; members: readonly string[] }[]> {
  const { rows } = await pool.query<{ key: Key; members: string[] }>(
    `select key, members from operation where run_id = $1 and kind = 'keep' and note = $2 order by ordinal limit $3`, [runId, note, limit])
  return rows
}
