import type { ClientBase, Pool } from 'pg'
import type { Fields } from '../../model/field.ts'
import type { Managed } from '../../model/entry.ts'
import type { Effect, Outcome } from '../../model/outcome.ts'
import type { Counts } from '../../model/run.ts'
import type { GroupId, RecordRef } from '../../model/record.ts'

export type OutcomeStatus = Outcome['status']

export type OutcomeCounts = Readonly<Record<OutcomeStatus | 'leftAlone', number>> & {
  readonly groups: readonly OutcomeGroup[]
}

/** The counts of a Run that settled nothing. */
export const noOutcomes: OutcomeCounts = {
  delivered: 0,
  'in-place': 0,
  rejected: 0,
  'on-hold': 0,
  unconfirmed: 0,
  leftAlone: 0,
  groups: [],
}

/** The Outcomes as counts of a Run. `atWork`: lines without an Outcome, because a job of the Target may still work on them. */
export function outcomesAsCounts(outcomes: Omit<OutcomeCounts, 'groups'>, atWork: number) {
  return {
    delivered: outcomes.delivered,
    alreadyInPlace: outcomes['in-place'],
    leftAlone: outcomes.leftAlone,
    rejected: outcomes.rejected,
    onHold: outcomes['on-hold'],
    unconfirmed: outcomes.unconfirmed + atWork,
  } satisfies Partial<Counts>
}

/** How many Records of a Run have each Outcome, and why: the source of a Run's counts. */
export async function countOutcomes(pool: Pool | ClientBase, runId: number): Promise<OutcomeCounts> {
  const groups = await groupOutcomes(pool, runId)
  const counts = { ...noOutcomes }
  for (const { status, code, count } of groups)
    counts[status === 'in-place' && !inPlaceCodes.has(code) ? 'leftAlone' : status] += count
  return { ...counts, groups }
}

/** Codes of skipped lines for which nothing had to change. The others leave something that was not asked for. */
const inPlaceCodes: ReadonlySet<string> = new Set(['', 'in-place', 'nothing-to-do', 'confirmed'])

/**
 * Several links of one Key with the same operation, reason and Outcome count once, as in the Plan. A link in place does not
 * count if another link of its Key has another Outcome. Counting distinct Keys takes a sort, so only a Run with several
 * groups pays for it.
 */
async function groupOutcomes(pool: Pool | ClientBase, runId: number): Promise<OutcomeGroup[]> {
  const { rows: lines } = await pool.query<OutcomeGroup & { first: string; last: string }>(
    `select status, coalesce(code, '') as code, count(*)::float8 as count, min(group_id) as first, max(group_id) as last from ledger where run_id = $1 group by 1, 2 order by 3 desc, 1, 2`,
    [runId],
  )
  const groups = new Set(lines.flatMap(({ first, last }) => [first, last]))
  if (groups.size < 2) return lines.map(({ status, code, count }) => ({ status, code, count }))
  const { rows } = await pool.query<OutcomeGroup>(
    `select status, coalesce(code, '') as code, (case when bool_and(group_id = '') then count(*) else count(distinct (kind, reason, key)) end)::float8 as count
     from (select *, bool_or(status <> 'in-place') over (partition by key) as has_others from ledger where run_id = $1) l
     where not (group_id <> '' and status = 'in-place' and not managed and has_others and coalesce(code, '') in ('', 'in-place', 'nothing-to-do'))
     group by 1, 2 order by 3 desc, 1, 2`,
    [runId],
  )
  return rows
}

/** Records of a Run with the same Outcome for the same reason; `code` is empty if there is none. */
export interface OutcomeGroup {
  readonly status: OutcomeStatus
  readonly code: string
  readonly count: number
}

export interface LedgerEntry extends RecordRef {
  readonly runId: number
  readonly ordinal: number
  readonly kind: string
  readonly reason: string
  readonly at: Date
  readonly status: OutcomeStatus
  readonly code: string | null
  readonly message: string | null
  readonly field: string | null
  readonly httpStatus: number | null
  readonly requestId: string | null
  readonly targetId: string | null
  /** What it really changed; null: unknown. */
  readonly effect: Effect | null
  /** The target record or link is managed because of this line. */
  readonly managed: boolean
  /** The values to set, and these Fields' values before; null: none, or not read. */
  readonly after: Fields | null
  readonly before: Fields | null
}

export const entryColumns = `run_id::int as "runId", ordinal::float8 as ordinal, key, group_id as "group", kind, reason, at, status, code, message, field,
  http_status as "httpStatus", request_id as "requestId", target_id as "targetId", effect, managed, after::json as after, before::json as before`

/** Streams a Run's Outcomes in the order of its Plan. */
export async function* readOutcomes(
  pool: Pool,
  runId: number,
  statuses: readonly OutcomeStatus[],
  pageSize: number,
): AsyncIterable<readonly LedgerEntry[]> {
  let after = 0
  for (;;) {
    const { rows } = await pool.query<LedgerEntry>(
      `select ${entryColumns} from ledger where run_id = $1 and ordinal > $2 and status = any($3::text[]) order by ledger.ordinal limit $4`,
      [runId, after, statuses, pageSize],
    )
    if (rows.length === 0) return
    yield rows
    after = rows[rows.length - 1]?.ordinal ?? after
  }
}

export interface StoryEntry extends LedgerEntry {
  /** The Run that this one undid, if it was an undo. */
  readonly undoes: number | null
  /** The other Activation that did it; null: the Record's own. */
  readonly activation: string | null
}

/**
 * One Record's Outcomes in all Runs of its Activation, and what other Activations of the same account changed on the
 * same target record, oldest first.
 */
export async function readStory(pool: Pool, activationId: number, key: string): Promise<StoryEntry[]> {
  const { rows } = await pool.query<StoryEntry>(
    `with own as (select a.id, a.immutable_settings from activation a where a.id = $1
     ), target as (
       select target_id as id from snapshot where activation_id = $1 and key = $2 and target_id is not null
       union select target_id from ledger where activation_id = $1 and key = $2 and target_id is not null
       union select $2 from own where immutable_settings ->> 'identifier' = 'id'
     ), other as (
       select a.id, a.name, a.immutable_settings ->> 'identifier' as identifier from own join activation a
         on a.id <> own.id and a.immutable_settings ->> 'accountId' = own.immutable_settings ->> 'accountId' and a.immutable_settings ->> 'object' = own.immutable_settings ->> 'object'
     ), groups as (
       select m ->> 'id' as id from run r, jsonb_array_elements(r.groups) m where r.activation_id = $1
     ), lines as (
       select l.*, null::text as activation from ledger l where l.activation_id = $1 and l.key = $2
       union all
       select l.*, other.name from other join ledger l on l.activation_id = other.id and l.target_id in (select id from target)
         where l.status = 'delivered' and l.kind <> 'skip' and (l.group_id = '' or l.group_id in (select id from groups))
       union all
       select l.*, other.name from other join own on true join ledger l on l.activation_id = other.id
         and l.key = any(case when other.identifier = 'id' then array(select id from target) when other.identifier = own.immutable_settings ->> 'identifier' then array[$2] else '{}' end)
         where l.target_id is null and l.status = 'delivered' and l.group_id in (select id from groups)
     )
     select ${entryColumns}, activation, (select undoes::int from run where id = lines.run_id) as undoes from lines order by lines.at, lines.run_id, lines.ordinal`,
    [activationId, key],
  )
  return rows
}

/** The latest names of the groups in an Activation's Runs, by id. */
export async function readGroupNames(pool: Pool, activationId: number): Promise<Readonly<Record<string, string>>> {
  const { rows } = await pool.query<{ id: string; name: string }>(
    `select distinct on (m ->> 'id') m ->> 'id' as id, m ->> 'name' as name from run r, jsonb_array_elements(r.groups) m
     where r.activation_id = $1 and m ->> 'id' is not null order by m ->> 'id', r.id desc`,
    [activationId],
  )
  return Object.fromEntries(rows.map(({ id, name }) => [id, name]))
}

export interface SnapshotEntry {
  readonly state: 'synced' | 'unconfirmed' | 'rejected'
  readonly present: boolean
  readonly tries: number
  readonly retryAt: Date | null
  readonly runId: number
  readonly group: GroupId
  readonly managed: Managed
  /** The target record's id, if known. */
  readonly targetId: string | null
}

/** The Entries of a Key: one of a whole record, or one for each link. */
export async function readSnapshotEntries(pool: Pool, activationId: number, key: string): Promise<SnapshotEntry[]> {
  const { rows } = await pool.query<SnapshotEntry>(
    `select state, present, tries, retry_at as "retryAt", run_id::int as "runId", group_id as "group", managed, target_id as "targetId" from snapshot where activation_id = $1 and key = $2 order by group_id`,
    [activationId, key],
  )
  return rows
}

/** The first of these names that is a Record's Key, or else the Key of the Record with this target record. */
export async function findKey(
  pool: Pool,
  activationId: number,
  names: readonly string[],
  targetId: string,
): Promise<string | undefined> {
  const { rows } = await pool.query<{ key: string }>(
    `select key from (select key, array_position($2::text[], key) as place from snapshot where activation_id = $1 and key = any($2)
       union all select key, array_position($2::text[], key) from ledger where activation_id = $1 and key = any($2)
       union all select key, array_position($2::text[], key) from invalid_row where run_id in (select id from run where activation_id = $1) and key = any($2)
       union all select key, cardinality($2::text[]) + 1 from snapshot where activation_id = $1 and target_id = $3) named
     order by place limit 1`,
    [activationId, names, targetId],
  )
  return rows[0]?.key
}

/** Failures of this and earlier Runs that still exist. */
export interface StandingCounts {
  readonly notLoaded: number
  readonly unconfirmed: number
}

export async function countStanding(pool: Pool, activationId: number): Promise<StandingCounts> {
  const { rows } = await pool.query<{ rejected: string; unconfirmed: string }>(
    `select count(distinct key) filter (where state = 'rejected') as rejected, count(distinct key) filter (where state = 'unconfirmed') as unconfirmed
     from snapshot where activation_id = $1 and present and state <> 'synced'`,
    [activationId],
  )
  return { notLoaded: Number(rows[0]?.rejected ?? 0), unconfirmed: Number(rows[0]?.unconfirmed ?? 0) }
}
