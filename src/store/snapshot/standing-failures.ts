import type { Pool } from 'pg'
import type { Key } from '../../model/record.ts'
import type { OutcomeGroup } from '../ledger/ledger.ts'

export type FailureClass = 'on-hold' | 'rejected' | 'unconfirmed'

/** A failed Record that has not been delivered since. */
export interface StandingFailure {
  readonly record: string
  readonly class: FailureClass
  readonly code: string
  readonly message: string
  readonly field: string | null
  readonly tries: number
  readonly retryAt: Date | null
  readonly run: number
  readonly at: Date | null
  readonly requestId: string | null
}

export interface StandingGroup {
  readonly class: FailureClass
  readonly code: string
  readonly count: number
  readonly sample: readonly {
    readonly record: string
    readonly message: string
    readonly run: number
    readonly at: string
    readonly requestId: string | null
  }[]
}

const iso = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`
/** A process that died leaves unconfirmed Records without a line in the Ledger. */
const lostCode = `'interrupted'`
const lostWords = `'The process that sent it ended before the answer came.'`

/**
 * Rejected and unconfirmed Records of the Snapshot, with the message of the Run that settled them last. Counted from
 * the indexes alone; only the few that are shown are read, those with a saved request and answer first.
 */
export async function groupStanding(pool: Pool, activationId: number, named: number): Promise<StandingGroup[]> {
  const { rows } = await pool.query<StandingGroup>(
    `with standing as materialized (
       select n.key, n.group_id, n.run_id, n.state,
         coalesce((select min(l.code) from ledger l where l.run_id = n.run_id and l.key = n.key and l.group_id = n.group_id and l.status in ('rejected', 'unconfirmed')), ${lostCode}) as code
       from snapshot n where n.activation_id = $1 and n.present and n.state <> 'synced'
     ), grouped as (
       select state, code, count(distinct key) as count from standing group by state, code
     ), kept as (
       select distinct e.run_id, e.key from exchange e join run r on r.id = e.run_id where r.activation_id = $1
     )
     select g.state as class, g.code, g.count::float8 as count, named.sample
     from grouped g cross join lateral (
       select json_agg(json_build_object('record', s.key, 'message', coalesce(l.message, ${lostWords}), 'run', s.run_id,
         'at', to_char(coalesce(l.at, now()) at time zone 'UTC', ${iso}), 'requestId', l.request_id) order by s.without, s.key) as sample
       from (select s.key, min(s.group_id) as group_id, s.run_id, k.key is null as without from standing s left join kept k on k.run_id = s.run_id and k.key = s.key
         where s.state = g.state and s.code = g.code group by s.key, s.run_id, k.key order by without, s.key limit $2) s
       left join lateral (
         select message, at, request_id from ledger where run_id = s.run_id and key = s.key and group_id = s.group_id and status in ('rejected', 'unconfirmed') order by code, ordinal limit 1
       ) l on true
     ) named
     order by g.count desc, class, code`,
    [activationId, named],
  )
  return rows
}

/** The last Run that got as far as planning: it knows everything that is on hold. */
export async function lastPlanned(
  pool: Pool,
  activationId: number,
): Promise<{ readonly run: number; readonly groups: readonly OutcomeGroup[] | null } | undefined> {
  const { rows } = await pool.query<{ run: number; groups: readonly OutcomeGroup[] | null }>({
    name: 'last-outcome-groups',
    text: `select id::float8 as run, outcome_groups as groups from run where activation_id = $1 and purpose = 'run' and finished_at is not null
       and (status in ('completed', 'completed with failures', 'shelved') or (status in ('deferred', 'cancelled') and plan_groups is not null) or (counts ->> 'onHold')::bigint > 0)
     order by id desc limit 1`,
    values: [activationId],
  })
  return rows[0]
}

/** Some Records that a Run left on hold for this reason, those with a saved request and answer first. */
export async function sampleOnHold(
  pool: Pool,
  runId: number,
  code: string,
  named: number,
): Promise<StandingGroup['sample']> {
  const { rows } = await pool.query<StandingGroup['sample'][number]>(
    `select key as record, coalesce(message, '') as message, run_id::float8 as run, to_char(at at time zone 'UTC', ${iso}) as at, request_id as "requestId"
     from (
       (select l.*, 1 as place from exchange e join ledger l on l.run_id = e.run_id and l.ordinal = e.ordinal
         where e.run_id = $1 and e.status = 'on-hold' and e.code = $2 order by l.ordinal limit $3)
       union all
       (select l.*, 2 from ledger l where l.run_id = $1 and l.status = 'on-hold' and l.code = $2
         and not exists (select from exchange e where e.run_id = $1 and e.ordinal = l.ordinal) order by l.ordinal limit $3)
     ) held order by place, held.ordinal limit $3`,
    [runId, code, named],
  )
  return rows
}

export interface FailureFilter {
  readonly class?: FailureClass | undefined
  readonly code?: string | undefined
}

/** Failures in the Snapshot, in key order. Of several links of one Key, one is shown. */
export async function pageStanding(
  pool: Pool,
  activationId: number,
  { class: of, code }: FailureFilter,
  after: Key,
  limit: number,
): Promise<StandingFailure[]> {
  const { rows } = await pool.query<StandingFailure>(
    `select distinct on (n.key) n.key as record, n.state as class, coalesce(l.code, ${lostCode}) as code, coalesce(l.message, ${lostWords}) as message,
       l.field, n.tries, n.retry_at as "retryAt", n.run_id::float8 as run, l.at, l.request_id as "requestId"
     from snapshot n left join lateral (
       select code, message, field, at, request_id from ledger
       where run_id = n.run_id and key = n.key and group_id = n.group_id and status in ('rejected', 'unconfirmed') order by code, ordinal limit 1
     ) l on true
     where n.activation_id = $1 and n.present and n.state <> 'synced' and ($2::text is null or n.state = $2) and n.key > $3
       and ($4::text is null or coalesce(l.code, ${lostCode}) = $4)
     order by n.key, n.group_id limit $5`,
    [activationId, of ?? null, after, code ?? null, limit],
  )
  return rows
}

/** Records that a Run left on hold, in the order of its Plan. */
export async function pageOnHold(
  pool: Pool,
  runId: number,
  code: string | undefined,
  after: number,
  limit: number,
): Promise<(StandingFailure & { readonly ordinal: number })[]> {
  const { rows } = await pool.query<StandingFailure & { readonly ordinal: number }>(
    `select key as record, 'on-hold' as class, coalesce(code, '') as code, coalesce(message, '') as message, field, 1 as tries, null as "retryAt", run_id::float8 as run, at,
       request_id as "requestId", ordinal::float8 as ordinal
     from ledger where run_id = $1 and status = 'on-hold' and ordinal > $2 and ($3::text is null or code = $3) order by ledger.ordinal limit $4`,
    [runId, after, code ?? null, limit],
  )
  return rows
}
