import type { ClientBase, Pool } from 'pg'
import { Fault } from '../../model/fault.ts'

/** First half of the advisory lock's id; the second is the Activation's id. Migration 0001 contains it, too. */
export const lockClass = 7_411_001

/** Interval of the heartbeats of a process that holds an Activation. */
export const beatMs = 2000
/**
 * An older heartbeat has expired, and another process may take over the Activation. Migration 0001 contains it, too.
 */
export const overAfterMs = 10_000
/** For this long after its last heartbeat a process may rely on its lock; the rest is for requests in flight. */
export const sureMs = 8000

/** The process that holds an Activation. */
export interface LockHolder {
  /** For users: `host:pid` of a listed process, else the application_name of its connection. */
  readonly worker: string
  readonly since: Date
  /** Time since its last heartbeat. */
  readonly silentMs: number
}

interface HolderRow extends LockHolder {
  readonly process: string
  readonly pid: number
  /** The role of its session, and our role. */
  readonly role: string
  readonly me: string
  /** Null: we have no permission to see it. */
  readonly isSame: boolean | null
}

/** Entries whose session really has the lock in pg_locks. */
export const holding = `activation_hold h
  join pg_locks l on l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid = ${lockClass}::oid and l.objid = h.activation_id::oid and l.pid = h.backend_pid
    and l.database = (select oid from pg_database where datname = current_database())
  join pg_stat_activity s on s.pid = h.backend_pid`

export async function findHolder(pool: Pool, activationId: number): Promise<LockHolder | undefined> {
  return await readHolder(pool, activationId)
}

async function readHolder(pool: Pool, activationId: number): Promise<HolderRow | undefined> {
  const {
    rows: [row],
  } = await pool.query<HolderRow>(
    `select coalesce(p.name, h.process) as worker, h.since, extract(epoch from clock_timestamp() - h.seen_at)::float8 * 1000 as "silentMs",
       h.process, h.backend_pid as pid, s.usename as role, current_user as me, s.backend_start = h.backend_start as "isSame"
     from ${holding} left join process p on p.tag = h.process where h.activation_id = $1`,
    [activationId],
  )
  return row
}

/**
 * Ends the session that holds an Activation if its heartbeat has expired, or with `force`; its lock ends with it. A
 * frozen process may have other sessions that lock rows: if the whole process is silent, these end as well. Returns
 * whether a session was ended. `first` runs before that, once we know that we may end it.
 */
export async function endHolder(
  pool: Pool,
  activationId: number,
  name: string,
  { force = false, first }: { readonly force?: boolean; readonly first?: () => Promise<void> } = {},
): Promise<boolean> {
  const holder = await readHolder(pool, activationId)
  if (holder === undefined || (!force && holder.silentMs < overAfterMs)) return false
  if (holder.isSame === null) throw notAllowed(name, holder)
  await first?.()
  try {
    const { rows } = await pool.query<{ ended: boolean }>(
      `select pg_terminate_backend(s.pid, 5000) as ended from ${holding}
       where h.activation_id = $1 and s.pid = $2 and s.backend_start = h.backend_start and ($3 or h.seen_at < clock_timestamp() - $4 * interval '1 millisecond')`,
      [activationId, holder.pid, force, overAfterMs],
    )
    await endOthers(pool, holder)
    return rows[0]?.ended === true
  } catch (error) {
    throw (error as { code?: unknown }).code === '42501' ? notAllowed(name, holder) : error
  }
}

/** Ends the other sessions of a listed process that has been silent as long as its lock. */
async function endOthers(pool: Pool, { process, silentMs }: HolderRow): Promise<void> {
  await pool.query(
    `select pg_terminate_backend(s.pid, 5000) from process p join pg_stat_activity s on s.application_name = p.tag
     where p.tag = $1 and p.seen_at < clock_timestamp() - ($2::float8 - 2 * ${beatMs}) * interval '1 millisecond' and s.datname = current_database() and s.pid <> pg_backend_pid()`,
    [process, Math.max(silentMs, overAfterMs)],
  )
}

/**
 * Ends the sessions of any Activation's holder that has one of these advisory locks (`lockClass`, hash of a name) and
 * whose heartbeat has expired: it can write nothing when it returns. `silent`: the result of the previous check, a
 * moment ago. Only holders that are in it, with the same heartbeat, are ended: after the machine slept, all heartbeats
 * are old at first. Sessions of roles that we may not end stay.
 */
export async function endSilentHolders(
  client: Pick<ClientBase, 'query'>,
  {
    lockClass: ofClass,
    names,
    silent,
  }: { readonly lockClass: number; readonly names: readonly string[]; readonly silent: readonly string[] },
): Promise<readonly string[]> {
  const { rows } = await client.query<{ mark: string }>(
    `with over as (
       select s.pid, concat_ws(' ', s.pid, s.backend_start, h.seen_at) as mark
       from activation_hold h join pg_stat_activity s on s.pid = h.backend_pid and s.backend_start = h.backend_start
       where h.seen_at < clock_timestamp() - $3 * interval '1 millisecond' and s.pid <> pg_backend_pid() and pg_has_role(s.usesysid, 'usage') and exists (
         select from pg_locks l where l.pid = s.pid and l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid = $1::int::oid
           and l.objid in (select hashtext(name)::oid from unnest($2::text[]) as part (name)) and l.database = (select oid from pg_database where datname = current_database()))
     ) select mark, case when mark = any($4::text[]) then pg_terminate_backend(pid) end as ended from over`,
    [ofClass, names, overAfterMs, silent],
  )
  return rows.map(({ mark }) => mark)
}

function notAllowed(name: string, { worker, silentMs, role, me }: HolderRow): Fault {
  return new Fault(
    'config',
    `"${name}" is held by ${worker}, whose last heartbeat was ${Math.round(silentMs / 1000)} s ago, and the control database's role "${me}" has no permission to end the session of role "${role}".`,
    {
      code: 'holder-not-ended',
      advice: `Use one role for all processes, or run in the control database: grant "${role}" to "${me}"`,
    },
  )
}
