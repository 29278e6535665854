import type { Pool } from 'pg'
import type { PlannedKind, Reason } from '../../model/operation.ts'
import type { GroupId, RecordRef } from '../../model/record.ts'
import type { SkipCode } from './operations.ts'

/** Lines of a Plan with the same Operation for the same reason. */
export interface PlanGroup {
  readonly kind: PlannedKind
  readonly reason: Reason
  readonly note: SkipCode | null
  /** Why it is rejected or waits. */
  readonly code: string | null
  /** Lines, as people count them: several links of one Key are one. */
  readonly lines: number
  /** Number of links. */
  readonly links: number
  /** How many of the lines concern each group (a tag, a list); of whole records: one number. */
  readonly byGroup: readonly number[]
  /** The ordinal of the first of them. */
  readonly first: number
}

/** The Plan by operation and reason. Several links of one Key count as one line for people. */
export async function groupPlan(pool: Pool, runId: number): Promise<PlanGroup[]> {
  const { rows } = await pool.query<PlanGroup>({
    name: 'group-plan',
    text: `select kind, reason, note, code, sum(lines)::float8 as lines, coalesce(sum(lines) filter (where group_id <> ''), 0)::float8 as links, array_agg(lines::float8) as "byGroup", min(first)::float8 as first from (
       select kind, reason, note, code, group_id, count(*) as lines, min(ordinal) as first from operation where run_id = $1 group by kind, reason, note, code, group_id
     ) g group by kind, reason, note, code order by kind, reason, note, code`,
    values: [runId],
  })
  if (rows.every(({ byGroup }) => byGroup.length === 1)) return rows
  // Counting distinct Keys takes a sort, so only a Plan with several groups pays for it.
  const { rows: keys } = await pool.query<{ keys: number }>(
    'select count(distinct key)::float8 as keys from operation where run_id = $1 group by kind, reason, note, code order by kind, reason, note, code',
    [runId],
  )
  return rows.map((group, at) => ({ ...group, lines: keys[at]?.keys ?? group.lines }))
}

/** Number of Operations of a Plan: each link is one. */
export function countOperations(groups: readonly PlanGroup[]): number {
  return groups.reduce(
    (sum, { kind, byGroup }) =>
      kind === 'skip' || kind === 'reject' || kind === 'wait'
        ? sum
        : sum + byGroup.reduce((all, lines) => all + lines, 0),
    0,
  )
}

/** Links that a Plan adds to, or removes from, one group. */
export interface LinkCount {
  readonly kind: 'attach' | 'detach'
  readonly group: GroupId
  readonly links: number
}

/** The links that a Plan writes, by group: the largest number first. */
export async function countLinks(pool: Pool, runId: number): Promise<LinkCount[]> {
  const { rows } = await pool.query<LinkCount>(
    `select kind, group_id as "group", count(*)::float8 as links from operation where run_id = $1 and kind in ('attach', 'detach') group by 1, 2 order by 1, 3 desc, 2`,
    [runId],
  )
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
  const adds = sum(
    (kind, changed) => kind === 'attach' || kind === 'create' || kind === 'restore' || (kind === 'upsert' && !changed),
  )
  const updates = sum((kind, changed) => kind === 'update' || (kind === 'upsert' && changed))
  const removes = sum((kind) => kind === 'detach' || kind === 'delete' || kind === 'archive')
  return { adds, updates, removes, writes: adds + updates + removes }
}

/** The first Records that a Plan skips for this reason. */
export async function firstKept(
  pool: Pool,
  runId: number,
  note: SkipCode,
  limit: number,
): Promise<(RecordRef & { reason: Reason })[]> {
  const { rows } = await pool.query<RecordRef & { reason: Reason }>(
    `select key, group_id as "group", reason from operation where run_id = $1 and kind = 'skip' and note = $2 order by ordinal limit $3`,
    [runId, note, limit],
  )
  return rows
}
