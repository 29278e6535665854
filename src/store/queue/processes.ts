import pg from 'pg'
import type { Pool } from 'pg'
import type { DatabaseClock } from '../database/database-clock.ts'
import { holding, overAfterMs } from '../runs/lock-holder.ts'
import { draftName } from '../plans/numbered-plans.ts'

/** A process that works on this control database, as it describes itself. */
export interface ProcessFacts {
  /** For users: `host:pid`. */
  readonly name: string
  readonly kind: 'server' | 'worker' | 'command'
  readonly version: string
  /** Runs at a time; 0: it takes none from the queue. */
  readonly concurrency: number
}

/** PostgreSQL truncates an application_name to this length. */
const tagLength = 63

/** A unique name for all connections of one process. `unique` is a random word. */
export function processTag({ name }: ProcessFacts, unique: string): string {
  const head = 'tailrace '
  return `${head}${name.replaceAll(/[^\x21-\x7e]/g, '?').slice(-(tagLength - head.length - unique.length - 1))} ${unique}`
}

export interface Heartbeat {
  /** Sends one heartbeat, on a connection of its own. Sets the clock by the answer. */
  beat(client: pg.ClientBase): Promise<void>
  /** Removes the process from the list. */
  leave(pool: Pool): Promise<void>
}

/** Saves that a process is alive; inserts it again if a crash of the server emptied the list. */
export function heartbeatOf(
  schema: string,
  tag: string,
  { name, kind, version, concurrency }: ProcessFacts,
  clock: DatabaseClock,
): Heartbeat {
  const table = `${pg.escapeIdentifier(schema)}.process`
  return {
    async beat(client) {
      const askedAt = performance.now()
      const {
        rows: [row],
      } = await client.query<{ now: number }>(
        `insert into ${table} as p (tag, name, kind, version, concurrency) values ($1, $2, $3, $4, $5)
         on conflict (tag) do update set seen_at = clock_timestamp() returning extract(epoch from seen_at)::float8 * 1000 as now`,
        [tag, name, kind, version, concurrency],
      )
      if (row !== undefined) clock.set(row.now, askedAt, performance.now())
    },
    async leave(pool) {
      await pool.query(`delete from ${table} where tag = $1`, [tag])
    },
  }
}

export interface ListedProcess extends ProcessFacts {
  readonly startedAt: Date
  /** Its last heartbeat. */
  readonly seenAt: Date
  /** Its heartbeat is recent. */
  readonly alive: boolean
  /** Activations that it has locked, with the Runs it works on; null: none, it only reads. */
  readonly holds: readonly { readonly activation: string; readonly run: number | null; readonly alive: boolean }[]
}

/**
 * Processes on this database, living ones first. A lock holder that is not listed appears under its connection's name.
 */
export async function listProcesses(pool: Pool): Promise<ListedProcess[]> {
  const { rows } = await pool.query<ListedProcess>(
    `with held as (
       select h.process, h.since, h.seen_at, json_build_object('activation', a.name, 'alive', is_held(a.id), 'run', (
         select max(r.id)::float8 from run r where r.activation_id = a.id and r.finished_at is null and r.purpose <> 'plan')) as hold
       from ${holding} join activation a on a.id = h.activation_id where not starts_with(a.name, $1)
     ), gathered as (
       select process, min(since) as since, max(seen_at) as seen_at, json_agg(hold order by hold ->> 'activation') as holds from held group by process
     )
     select coalesce(p.name, g.process) as name, coalesce(p.kind, 'command') as kind, coalesce(p.version, '') as version, coalesce(p.concurrency, 0) as concurrency,
       coalesce(p.started_at, g.since) as "startedAt", coalesce(p.seen_at, g.seen_at) as "seenAt",
       coalesce(p.seen_at, g.seen_at) > clock_timestamp() - ${overAfterMs} * interval '1 millisecond' as alive, coalesce(g.holds, '[]') as holds
     from process p full join gathered g on g.process = p.tag
     order by alive desc, coalesce(p.kind, 'command') = 'command', name`,
    [draftName('')],
  )
  return rows
}

/**
 * Ends the sessions of processes that have been silent for a minute, so that no session of a lost machine stays for
 * hours.
 */
export async function endSilentSessions(pool: Pool): Promise<void> {
  await pool.query(
    `select pg_terminate_backend(s.pid) from process p join pg_stat_activity s on s.application_name = p.tag
     where p.seen_at < clock_timestamp() - interval '1 minute' and s.datname = current_database() and s.usename = current_user and s.pid <> pg_backend_pid()`,
  )
}

/** Processes that ended without removing themselves are listed for a day. */
export async function forgetOldProcesses(pool: Pool): Promise<void> {
  await pool.query(`delete from process where seen_at < clock_timestamp() - interval '1 day'`)
}
