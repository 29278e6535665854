import type { Pool } from 'pg'
import type { Counts, RunStatus } from '../../model/run.ts'
import type { ImmutableSettings } from './activations.ts'
import type { ProjectEntry } from './project-entries.ts'
import type { RunSummary } from '../runs/runs.ts'

/** A saved Activation with a summary of its Runs. */
export interface ActivationSummary extends ProjectEntry {
  /** Id of its row; null before its first Run. */
  readonly id: number | null
  readonly immutableSettings: ImmutableSettings | null
  readonly takenOverBy: string | null
  readonly lastRun: {
    readonly run: number
    readonly status: RunStatus
    readonly startedAt: string
    readonly finishedAt: string | null
    readonly counts: Partial<Counts>
    readonly fault: RunSummary['fault']
    readonly groups: RunSummary['groups']
  } | null
  /** Of the last Run that read its query to the end. */
  readonly onHold: number
  readonly synced: number
  readonly notLoaded: number
  readonly unconfirmed: number
  /** The last 20 Runs, oldest first. */
  readonly history: readonly {
    readonly run: number
    readonly status: RunStatus
    readonly delivered: number
    readonly failed: number
  }[]
}

const historyLength = 20
const iso = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`
/** Runs that knew everything that was on hold at that time. */
const readToTheEnd = `(r.status in ('completed', 'completed with failures', 'shelved') or (r.status in ('deferred', 'cancelled') and r.plan_groups is not null))`

export interface ActivationFilter {
  readonly search?: string | undefined
  readonly after?: string | undefined
  /** Only these. */
  readonly names?: readonly string[]
  readonly limit: number
  /** Leaves out the expensive parts: `history` is empty and `onHold` is 0. */
  readonly brief?: boolean
}

/** Sorted by name, in one statement whose cost does not grow with the number of Runs. */
export async function listActivationSummaries(
  pool: Pool,
  { search, after, names, limit, brief = false }: ActivationFilter,
): Promise<ActivationSummary[]> {
  const { rows } = await pool.query<ActivationSummary>(
    `select e.section, e.name, e.body, e.sealed, e.revision::float8 as revision, e.created_at as "createdAt", e.updated_at as "updatedAt", e.paused, e.health_at as "healthAt",
       e.trouble, e.account, a.id::int as id, a.immutable_settings as "immutableSettings", (select n.name from activation n where n.id = a.taken_over_by) as "takenOverBy", last.run as "lastRun",
       coalesce(ended.on_hold, 0)::float8 as "onHold", coalesce(stood.synced, 0)::float8 as synced, coalesce(stood.not_loaded, 0)::float8 as "notLoaded",
       coalesce(stood.unconfirmed, 0)::float8 as unconfirmed, coalesce(history.runs, '[]') as history
     from (
       select * from project_entry where section = 'activations' and ($1::text is null or strpos(lower(name), lower($1)) > 0)
         and ($2::text is null or name > $2) and ($3::text[] is null or name = any($3)) order by name limit $4
     ) e
     left join activation a on a.name = e.name collate "default"
     left join lateral (
       select json_build_object('run', r.id, 'status', run_status(r.status, r.activation_id, r.finished_at), 'startedAt', to_char(r.started_at at time zone 'UTC', ${iso}), 'finishedAt', to_char(r.finished_at at time zone 'UTC', ${iso}),
         'counts', r.counts, 'fault', r.fault, 'groups', r.groups) as run
       from run r where r.activation_id = a.id and r.purpose <> 'plan' order by r.id desc limit 1
     ) last on true
     left join lateral (
       select (r.counts ->> 'onHold')::bigint as on_hold from run r where not $5 and r.activation_id = a.id and r.purpose = 'run' and ${readToTheEnd} order by r.id desc limit 1
     ) ended on true
     left join lateral (
       select r.synced, r.not_loaded, r.unconfirmed from run r where r.activation_id = a.id and r.synced is not null order by r.id desc limit 1
     ) stood on true
     left join lateral (
       select json_agg(json_build_object('run', r.id, 'status', run_status(r.status, a.id, r.finished_at), 'delivered', coalesce((r.counts ->> 'delivered')::bigint, 0),
         'failed', coalesce((r.counts ->> 'invalid')::bigint, 0) + coalesce((r.counts ->> 'rejected')::bigint, 0) + coalesce((r.counts ->> 'onHold')::bigint, 0)
           + coalesce((r.counts ->> 'unconfirmed')::bigint, 0)) order by r.id) as runs
       from (select id, status, counts, finished_at from run where not $5 and activation_id = a.id and purpose <> 'plan' order by id desc limit ${historyLength}) r
     ) history on true
     order by e.name`,
    [search ?? null, after ?? null, names ?? null, limit, brief],
  )
  return rows
}
