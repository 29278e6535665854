import type { Pool } from 'pg'
import type { RunStatus } from '../../model/run.ts'
import { runSummaryColumns, type RunSummary } from './runs.ts'

export interface ListedRun extends RunSummary {
  readonly purpose: 'run' | 'undo'
  /** The Run that this one undoes, and the last Run that undid this one. */
  readonly undoes: number | null
  readonly undoneBy: number | null
}

const columns = `${runSummaryColumns}, r.purpose, r.undoes::float8 as undoes,
  (select max(u.id)::float8 from run u where u.undoes = r.id and u.purpose = 'undo' and u.status in ('completed', 'completed with failures')) as "undoneBy"`

export interface RunFilter {
  readonly activation?: string | undefined
  readonly status?: RunStatus | undefined
  /** Only Runs before this one. */
  readonly before?: number | undefined
  readonly limit: number
}

/** Newest first, without Plans. */
export async function pageRuns(pool: Pool, { activation, status, before, limit }: RunFilter): Promise<ListedRun[]> {
  const { rows } = await pool.query<ListedRun>(
    `select ${columns} from run r join activation a on a.id = r.activation_id
     where ($1::text is null or r.activation_id = (select id from activation where name = $1)) and ($2::text is null or (r.status = $2 or $2 = 'interrupted' and r.finished_at is null) and run_status(r.status, r.activation_id, r.finished_at) = $2)
       and ($3::bigint is null or r.id < $3) and r.purpose <> 'plan' order by r.id desc limit $4`,
    [activation ?? null, status ?? null, before ?? null, limit],
  )
  return rows
}

export async function findListedRun(pool: Pool, id: number): Promise<ListedRun | undefined> {
  const { rows } = await pool.query<ListedRun>(
    `select ${columns} from run r join activation a on a.id = r.activation_id where r.id = $1 and r.purpose <> 'plan'`,
    [id],
  )
  return rows[0]
}

/** One Run of an Activation, for charts. */
export interface RunPoint {
  readonly run: number
  readonly at: Date
  readonly durationMs: number
  readonly status: RunStatus
  readonly counts: Partial<RunSummary['counts']>
  readonly requests: Partial<RunSummary['requests']>
  /** Null in Runs of older versions. */
  readonly synced: number | null
}

/** The latest ended Runs of the last `days` days, oldest first. */
export async function runPoints(pool: Pool, activation: string, days: number, limit: number): Promise<RunPoint[]> {
  const { rows } = await pool.query<RunPoint>(
    `select id::float8 as run, started_at as at, round(extract(epoch from finished_at - started_at) * 1000)::float8 as "durationMs", status, counts, requests, synced::float8 as synced
     from run where activation_id = (select id from activation where name = $1) and purpose <> 'plan' and finished_at is not null
       and started_at > now() - make_interval(days => $2) order by id desc limit $3`,
    [activation, days, limit],
  )
  return rows.reverse()
}

/** When the last Run of each of these Activations started; without those that never ran. */
export async function lastStarts(pool: Pool, names: readonly string[]): Promise<ReadonlyMap<string, Date>> {
  const { rows } = await pool.query<{ name: string; at: Date }>(
    `select a.name, r.started_at as at from activation a
     cross join lateral (select started_at from run where activation_id = a.id and purpose = 'run' order by id desc limit 1) r
     where a.name = any($1::text[])`,
    [names],
  )
  return new Map(rows.map(({ name, at }) => [name, at]))
}
