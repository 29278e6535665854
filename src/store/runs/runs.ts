import type { ClientBase, Pool } from 'pg'
import type { Fault } from '../../model/fault.ts'
import type { Notice } from '../../model/notice.ts'
import type { Nouns } from '../../model/noun.ts'
import type { Counts, RequestCounts, RunStatus } from '../../model/run.ts'
import { outcomesAsCounts, type OutcomeCounts, type OutcomeGroup, type StandingCounts } from '../ledger/ledger.ts'
import type { RunLease } from '../snapshot/marks.ts'

export interface NewRun {
  readonly activationId: number
  readonly worker: string
  readonly behavior: string
  readonly object: string
  readonly identifier: string
  readonly nouns: Nouns
}

export async function startRun(pool: Pool, run: NewRun): Promise<number> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'start-run',
    text: `insert into run (activation_id, status, worker, behavior, object, identifier, nouns)
     values ($1, 'reading', $2, $3, $4, $5, $6) returning id`,
    values: [run.activationId, run.worker, run.behavior, run.object, run.identifier, JSON.stringify(run.nouns)],
  })
  return Number(rows[0]?.id)
}

export interface PreviousFigures {
  /** Rows of the last Run that read to the end, if any. */
  readonly lastRead: number | undefined
  /** Records that are synced now. */
  readonly synced: number
  /** Whether any Run ran to its end. Until then the next Run continues the first one. */
  readonly wentThrough: boolean
}

export async function previousFigures(pool: Pool, activationId: number, runId: number): Promise<PreviousFigures> {
  const { rows } = await pool.query<{ last: string | null; synced: string; through: boolean }>({
    name: 'previous-figures',
    text: `select (select counts ->> 'read' from run where activation_id = $1 and id < $2 and purpose = 'run'
               and (status in ('completed', 'completed with failures', 'shelved') or (status = 'deferred' and plan_groups is not null)) order by id desc limit 1) as last,
            exists (select from run where activation_id = $1 and id < $2 and purpose = 'run'
               and status in ('completed', 'completed with failures', 'shelved')) as through,
            (select case when min(group_id) <> max(group_id) then (select count(distinct key) from snapshot where activation_id = $1 and state = 'synced') else count(*) end
              from snapshot where activation_id = $1 and state = 'synced') as synced`,
    values: [activationId, runId],
  })
  const { last = null, synced = '0', through = false } = rows[0] ?? {}
  return { lastRead: last === null ? undefined : Number(last), synced: Number(synced), wentThrough: through }
}

export async function saveOverrides(pool: Pool, runId: number, rules: readonly string[]): Promise<void> {
  await pool.query('update run set allowed = $2 where id = $1', [runId, JSON.stringify(rules)])
}

export async function enterStatus(pool: Pool, runId: number, status: RunStatus): Promise<void> {
  await pool.query({
    name: 'enter-status',
    text: 'update run set status = $2 where id = $1 and finished_at is null',
    values: [runId, status],
  })
}

export async function saveRunGroups(
  pool: Pool,
  runId: number,
  groups: readonly { name: string; id: string | null }[],
): Promise<void> {
  await pool.query({
    name: 'save-run-groups',
    text: 'update run set groups = $2 where id = $1',
    values: [runId, JSON.stringify(groups)],
  })
}

/**
 * Saves how far the Target's clock is ahead of this database's clock. `now`: the Target's time just now, in unix
 * milliseconds. A difference of days is not a valid clock.
 */
export async function saveTargetClock(pool: Pool, runId: number, now: number | undefined): Promise<void> {
  if (now === undefined) return
  await pool.query({
    name: 'save-target-clock',
    text: `update run set clock_ahead_ms = round(ahead)::int from (select $2::float8 - extract(epoch from clock_timestamp()) * 1000 as ahead) c
     where id = $1 and abs(ahead) < 1e9`,
    values: [runId, now],
  })
}

/** The value for each Field, in words; null: the Run saved none. */
export type SavedMapping = Readonly<Record<string, string>> | null

/** Saves the mapping of a Run, and returns that of the last earlier Run that was not blocked. */
export async function saveMapping(
  pool: Pool,
  runId: number,
  activationId: number,
  mapping: NonNullable<SavedMapping>,
): Promise<{ readonly run: number; readonly mapping: NonNullable<SavedMapping> } | undefined> {
  await pool.query('update run set mapping = $2 where id = $1', [runId, JSON.stringify(mapping)])
  const { rows } = await pool.query<{ run: number; mapping: NonNullable<SavedMapping> }>(
    `select id::int as run, mapping from run where activation_id = $1 and id < $2 and mapping is not null and status <> 'blocked' order by id desc limit 1`,
    [activationId, runId],
  )
  return rows[0]
}

export interface RunEnd {
  readonly status: RunStatus
  readonly counts: Counts
  /** Its Outcomes in figures, so that no reader has to count a million lines. */
  readonly outcomes: readonly OutcomeGroup[]
  readonly requests: RequestCounts
  readonly notices: readonly Notice[]
  readonly fault: Fault | undefined
  /** The figures of the Run before do not hold, although this Run moved nothing itself. */
  readonly countsAgain: boolean
}

/**
 * Ends the Run, and returns its Activation's failures that still exist. Undefined: it was taken over (its attempt was
 * raised), and its new holder ends it.
 */
export async function finishRun(
  pool: Pool,
  { runId, attempt }: RunLease,
  end: RunEnd,
): Promise<StandingCounts | undefined> {
  const fault = end.fault && {
    kind: end.fault.kind,
    code: end.fault.code,
    message: end.fault.message,
    advice: end.fault.advice ?? null,
    requestId: end.fault.requestId ?? null,
  }
  // A Record that is rejected without a call, because its row changed after an insert, is no longer synced.
  const { planned, removed, alreadyInPlace, leftAlone, rejected, unconfirmed } = end.counts
  const movedNothing = !end.countsAgain && planned + removed + alreadyInPlace + leftAlone + rejected + unconfirmed === 0
  const { rows } = await pool.query<StandingCounts>({
    name: 'finish-run',
    // Counting all synced Records reads each of them. A Run that changed none has the figures of the Run before, if
    // that one completed and left nothing unconfirmed.
    text: `update run r set status = $3, counts = $4, requests = $5, notices = $6, fault = $7, finished_at = now(), outcome_groups = $9, synced = figures.synced, managed = figures.managed,
       not_loaded = figures.not_loaded, unconfirmed = figures.unconfirmed
     from run self
     left join lateral (
       select p.synced, p.managed
       from (select synced, managed, unconfirmed from run where $8 and activation_id = self.activation_id and id < self.id and purpose <> 'plan' order by id desc limit 1) p
       where p.synced is not null and p.unconfirmed = 0
     ) before on true
     cross join lateral (
       select case when is_mixed then keys.synced else entries.synced end as synced, case when is_mixed then keys.managed else entries.managed end as managed
       from (select count(*) as synced, count(*) filter (where managed <> 'no') as managed, coalesce(min(group_id) <> max(group_id), false) as is_mixed
         from snapshot where before.managed is null and activation_id = self.activation_id and state = 'synced') entries
       left join lateral (select count(distinct key) as synced, count(distinct key) filter (where managed <> 'no') as managed
         from snapshot where is_mixed and activation_id = self.activation_id and state = 'synced') keys on is_mixed
     ) counted
     cross join lateral (
       select count(distinct key) filter (where state = 'rejected') as not_loaded, count(distinct key) filter (where state = 'unconfirmed') as unconfirmed
       from snapshot where activation_id = self.activation_id and present and state <> 'synced'
     ) standing
     cross join lateral (
       select case when before.managed is null then counted.synced else before.synced end as synced, coalesce(before.managed, counted.managed) as managed, standing.not_loaded, standing.unconfirmed
     ) figures
     where self.id = $1 and r.id = self.id and r.attempt = $2 and r.finished_at is null
     returning r.not_loaded::float8 as "notLoaded", r.unconfirmed::float8 as unconfirmed`,
    values: [
      runId,
      attempt,
      end.status,
      JSON.stringify(end.counts),
      JSON.stringify(end.requests),
      JSON.stringify(end.notices),
      fault ? JSON.stringify(fault) : null,
      movedNothing,
      JSON.stringify(end.outcomes),
    ],
  })
  return rows[0]
}

/**
 * Counts the Outcomes of an ended Run again, after its process died or results of its jobs were collected. `atWork`: lines that
 * were sent and have no Outcome.
 */
export async function recountRun(
  pool: Pool | ClientBase,
  runId: number,
  { groups, ...outcomes }: OutcomeCounts,
  atWork: number,
): Promise<void> {
  await pool.query(
    `update run r set counts = r.counts || $2, outcome_groups = $3, synced = s.synced, managed = s.managed, not_loaded = s.not_loaded, unconfirmed = s.unconfirmed
     from (select count(distinct key) filter (where state = 'synced') as synced, count(distinct key) filter (where state = 'synced' and managed <> 'no') as managed,
         count(distinct key) filter (where present and state = 'rejected') as not_loaded, count(distinct key) filter (where present and state = 'unconfirmed') as unconfirmed
       from snapshot where activation_id = (select activation_id from run where id = $1)) s
     where r.id = $1`,
    [runId, JSON.stringify(outcomesAsCounts(outcomes, atWork)), JSON.stringify(groups)],
  )
}

/** Deletes a Run that sent nothing, with its Operations. */
export async function discardRun(pool: Pool, runId: number): Promise<void> {
  await pool.query('with planned as (delete from operation where run_id = $1) delete from run where id = $1', [runId])
}

export interface RunSummary {
  readonly id: number
  readonly activation: string
  readonly activationId: number
  readonly status: RunStatus
  readonly startedAt: Date
  readonly finishedAt: Date | null
  readonly behavior: string
  readonly object: string
  readonly identifier: string
  readonly groups: readonly { name: string; id: string | null }[]
  /** Without the Outcomes, until the Run or a later one counted them. */
  readonly counts: Partial<Counts>
  /** Empty, unless the Run ended by itself. */
  readonly requests: Partial<RequestCounts>
  readonly notices: readonly Notice[]
  readonly fault: {
    kind: string
    code: string
    message: string
    advice: string | null
    requestId: string | null
  } | null
  readonly worker: string
  /** Guardrails that were overridden for this Run. */
  readonly allowed: readonly string[]
  readonly mapping: SavedMapping
  /** Null in Runs of older versions. */
  readonly nouns: Nouns | null
}

/** The Fault of a Run whose process ended: reported as soon as that is visible. */
export const interruptedFault = `jsonb_build_object('kind', 'transient', 'code', 'interrupted', 'message', 'The process of the Run ended before the Run was complete.',
  'advice', 'Nothing is lost: the next Run settles the records that were in flight and sends the rest.', 'requestId', null)`

export const runSummaryColumns = `r.id::int as id, a.name as activation, r.activation_id::int as "activationId", run_status(r.status, r.activation_id, r.finished_at) as status, r.started_at as "startedAt",
  r.finished_at as "finishedAt", r.behavior, r.object, r.identifier, r.groups, r.counts, r.requests, r.notices, case when r.finished_at is null and not is_held(r.activation_id) then ${interruptedFault} else r.fault end as fault, r.worker, r.allowed, r.mapping, r.nouns`

/** Newest first. `before`: the id to continue from. */
export async function listRuns(
  pool: Pool,
  filter: { activation?: string | undefined; before?: number | undefined; limit: number },
): Promise<RunSummary[]> {
  const { rows } = await pool.query<RunSummary>(
    `select ${runSummaryColumns} from run r join activation a on a.id = r.activation_id
     where ($1::text is null or a.name = $1) and ($2::bigint is null or r.id < $2) and r.purpose <> 'plan' order by r.id desc limit $3`,
    [filter.activation ?? null, filter.before ?? null, filter.limit],
  )
  return rows
}

export async function findRun(pool: Pool, id: number): Promise<RunSummary | undefined> {
  const { rows } = await pool.query<RunSummary>(
    `select ${runSummaryColumns} from run r join activation a on a.id = r.activation_id where r.id = $1`,
    [id],
  )
  return rows[0]
}

/** The nouns of an Activation's last Run that saved them. */
export async function lastNouns(pool: Pool, activationId: number): Promise<Nouns | undefined> {
  const { rows } = await pool.query<{ nouns: Nouns }>(
    'select nouns from run where activation_id = $1 and nouns is not null order by id desc limit 1',
    [activationId],
  )
  return rows[0]?.nouns
}
