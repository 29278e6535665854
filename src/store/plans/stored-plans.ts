import type { Pool } from 'pg'
import type { Fields } from '../../model/field.ts'
import type { PlannedKind, Reason } from '../../model/operation.ts'
import type { Counts } from '../../model/run.ts'
import type { Key } from '../../model/record.ts'
import type { PlanGroup } from './plan-groups.ts'
import type { RunLease } from '../snapshot/marks.ts'

/** What a Run planned for some of its Records, and why. */
export interface RunPlanGroup {
  readonly kind: PlannedKind
  readonly reason: Reason
  /** Why it is a `skip`. */
  readonly note: string | null
  /** Why it is rejected or waits. */
  readonly code: string | null
  readonly lines: number
  /** Number of links; null: not saved. */
  readonly links: number | null
}

/** A line of a Plan as it is shown. */
export interface PlanSample {
  readonly key: Key
  /** Of a link, the group: its name, or its id if it comes from the Ledger. Empty for whole records. */
  readonly group: string
  readonly before: Fields | null
  readonly after: Fields | null
  readonly message: string | null
}

/** A guardrail that a Plan exceeded. `words`: null if not saved. */
export interface PlanGuard {
  readonly rule: string
  readonly words: string | null
  readonly overridden: boolean
}

export interface RunPlan {
  readonly groups: readonly RunPlanGroup[]
  /** Some lines of each group, in the order of the groups. */
  readonly samples: readonly (readonly PlanSample[])[]
  /** Estimated number of write calls; null: not saved. */
  readonly calls: number | null
  /** Null: not saved. */
  readonly guards: readonly PlanGuard[] | null
}

/** How many lines of each group are shown. */
const shown = 3
/** How far from the first line of a group samples are searched, so that the cost is the same in any Plan. */
const within = 5000

const kindOrder: readonly PlannedKind[] = [
  'create',
  'upsert',
  'update',
  'attach',
  'restore',
  'detach',
  'archive',
  'delete',
  'reject',
  'wait',
  'skip',
]

type Located = RunPlanGroup & Pick<PlanGroup, 'first'>

/** Writes come first, then the largest of a kind. */
export function sortGroups(groups: readonly PlanGroup[]): Located[] {
  return groups
    .map(({ kind, reason, note, code, lines, links, first }) => ({ kind, reason, note, code, lines, links, first }))
    .toSorted(byKind)
}

function byKind(a: RunPlanGroup, b: RunPlanGroup): number {
  return kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) || b.lines - a.lines
}

/**
 * Where the lines of a Plan are: in the Plan, or, for Runs of older versions, in the Ledger, which has an Outcome per
 * line.
 */
const places = {
  operation: `select ordinal, key, kind, reason, note, code, group_id, before, asks as after, message from operation where run_id = $1`,
  ledger: `select ordinal, key, kind, reason, case when kind = 'skip' then code end as note, case when kind in ('reject', 'wait') then code end as code, group_id,
    before, after, case when kind in ('reject', 'wait') then message end as message from ledger where run_id = $1`,
} as const

/** The first lines of each group. */
export async function sampleGroups(
  pool: Pool,
  runId: number,
  groups: readonly Located[],
  place: keyof typeof places,
): Promise<PlanSample[][]> {
  const samples: PlanSample[][] = groups.map(() => [])
  if (groups.length === 0) return samples
  const { rows } = await pool.query<{
    n: number
    key: Key
    group: string
    before: string | null
    after: string | null
    message: string | null
  }>({
    name: `sample-groups-${place}`,
    text: `select g.n::int as n, line.key, line.group_id as "group", line.before, line.after, line.message
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[]) with ordinality as g (kind, reason, note, code, first, n)
     cross join lateral (
       select * from (${places[place]}) o where o.ordinal >= g.first and o.ordinal < g.first + ${within} and o.kind = g.kind and o.reason = g.reason
         and o.note is not distinct from g.note and o.code is not distinct from g.code order by o.ordinal limit ${shown}
     ) line order by g.n, line.ordinal`,
    values: [
      runId,
      groups.map(({ kind }) => kind),
      groups.map(({ reason }) => reason),
      groups.map(({ note }) => note),
      groups.map(({ code }) => code),
      groups.map(({ first }) => first),
    ],
  })
  for (const { n, key, group, before, after, message } of rows) {
    samples[n - 1]?.push({ key, group, before: fieldsIn(before), after: fieldsIn(after), message })
  }
  return samples
}

function fieldsIn(json: string | null): Fields | null {
  return json === null ? null : (JSON.parse(json) as Fields)
}

/**
 * Saves what a Run is going to do before it does it: the lines of the Plan are deleted at its end. `counts`: what is known of the
 * Run by now, in case its process dies.
 */
export async function savePlan(
  pool: Pool,
  { runId, attempt }: RunLease,
  { groups, samples, calls, guards }: RunPlan,
  counts: Counts,
): Promise<void> {
  await pool.query({
    name: 'save-plan',
    text: 'update run set plan_groups = $3, plan_samples = $4, plan_calls = $5, plan_guards = $6, counts = $7 where id = $1 and attempt = $2 and finished_at is null',
    values: [
      runId,
      attempt,
      JSON.stringify(groups),
      JSON.stringify(samples),
      calls,
      JSON.stringify(guards),
      JSON.stringify(counts),
    ],
  })
}

interface StoredPlan {
  readonly groups: readonly RunPlanGroup[] | null
  readonly samples: readonly (readonly PlanSample[])[] | null
  readonly calls: number | null
  readonly guards: readonly PlanGuard[] | null
}

/** As saved; undefined: the Run has not planned yet, or an older version ran it. */
export async function readStoredPlan(pool: Pool, runId: number): Promise<RunPlan | undefined> {
  const {
    rows: [stored],
  } = await pool.query<StoredPlan>(
    'select plan_groups as groups, plan_samples as samples, plan_calls as calls, plan_guards as guards from run where id = $1',
    [runId],
  )
  if (stored === undefined || stored.groups === null) return undefined
  const { groups, samples, calls, guards } = stored
  return { groups, samples: samples ?? groups.map(() => []), calls, guards }
}

/** Counted from the Ledger of an ended Run; undefined: the Ledger has no lines. */
export async function countLedgerPlan(pool: Pool, runId: number): Promise<RunPlan | undefined> {
  const { rows } = await pool.query<Located>(
    `select kind, reason, note, code, count(*)::float8 as lines, null as links, min(ordinal)::float8 as first from (${places.ledger}) o group by kind, reason, note, code`,
    [runId],
  )
  if (rows.length === 0) return undefined
  const located = rows.toSorted(byKind)
  return {
    groups: located.map(({ kind, reason, note, code, lines, links }) => ({ kind, reason, note, code, lines, links })),
    samples: await sampleGroups(pool, runId, located, 'ledger'),
    calls: null,
    guards: null,
  }
}
