import type { Pool } from 'pg'
import type { PlannedKind, Reason } from '../../model/operation.ts'
import type { Key } from '../../model/record.ts'
import type { SkipCode } from './operations.ts'

/** Lines of a Plan with the same Operation for the same reason. */
export interface PlanGroup {
  readonly kind: PlannedKind
  readonly reason: Reason
  readonly note: SkipCode | null
  /** Why it is rejected or waits. */
  readonly code: string | null
  /** Number of groups that each line adds or removes. */
  readonly links: number
  readonly lines: number
  /** The ordinal of the first of them. */
  readonly first: number
}

export async function groupPlan(pool: Pool, runId: number): Promise<PlanGroup[]> {
  const { rows } = await pool.query<PlanGroup>(
    `select kind, reason, note, code, cardinality(groups) as links, count(*)::float8 as lines, min(ordinal)::float8 as first from operation
     where run_id = $1 group by kind, reason, note, code, cardinality(operation.groups) order by kind, reason, note, code, cardinality(operation.groups)`, [runId])
  return rows
}

/** The whole Plan in figures: lines by what they do in the Target. */
export interface PlanCounts {
  /** Links added, and target records created. */
  readonly adds: number
  readonly updates: number
  /** Links removed, and target records deleted or archived. */
  readonly removes: number
  readonly writes: number
}

export function countPlan(groups: readonly PlanGroup[]): PlanCounts {
  const sum = (fits: (kind: PlannedKind, changed: boolean) => boolean) =>
    groups.filter(({ kind, reason }) => fits(kind, reason === 'changed')).reduce((all, { lines }) => all + lines, 0)
  // An upsert of a changed Record updates what we wrote before.
  const adds = sum((kind, changed) => kind === 'attach' || kind === 'create' || kind === 'restore' || (kind === 'upsert' && !changed))
  const updates = sum((kind, changed) => kind === 'update' || (kind === 'upsert' && changed))
  const removes = sum((kind) => kind === 'detach' || kind === 'delete' || kind === 'archive')
  return { adds, updates, removes, writes: adds + updates + removes }
}

/** The first Records that a Plan skips for this reason. */
export async function firstKept(pool: Pool, runId: number, note: SkipCode, limit: number): Promise<{ key: Key; groups: readonly string[]; reason: Reason }[]> {
  const { rows } = await pool.query<{ key: Key; groups: string[]; reason: Reason }>(
    `select key, groups, reason from operation where run_id = $1 and kind = 'skip' and note = $2 order by ordinal limit $3`, [runId, note, limit])
  return rows
}
