import type { PoolClient } from 'pg'
import { beatMs, lockClass, sureMs } from './lock-holder.ts'

/** Turns without an answer that make up that time, since a heartbeat is sent one turn after the last answer. */
const unsureTurns = Math.floor(sureMs / beatMs) - 1

export interface LockHeartbeat {
  readonly isSure: () => boolean
  readonly whenUnsure: (listener: () => void) => () => void
  stop(): void
}

/** When a heartbeat was sent that the database answered. */
export interface Confirmed {
  readonly wall: number
  readonly steady: number
}

/**
 * Takes an Activation's lock on this session and writes its first heartbeat, in one statement. Undefined: another
 * session has the lock.
 */
export async function takeLock(client: PoolClient, activationId: number): Promise<Confirmed | undefined> {
  const asked = clocks()
  const { rowCount } = await client.query({
    name: 'take-activation-lock',
    text: `with lock as materialized (select pg_try_advisory_lock($1, $2::int) as got)
     insert into activation_hold (activation_id, process, backend_pid, backend_start)
     select $2::int, session.application_name, session.pid, session.backend_start from lock, pg_stat_get_activity(pg_backend_pid()) session where lock.got
     on conflict (activation_id) do update set process = excluded.process, backend_pid = excluded.backend_pid, backend_start = excluded.backend_start,
       since = excluded.since, seen_at = excluded.seen_at`,
    values: [lockClass, activationId],
  })
  return rowCount === 1 ? asked : undefined
}

/**
 * Confirms an Activation's lock again and again on the session that holds it: each answer confirms that the lock is
 * ours, and that no other process takes it over before the heartbeat expires. `lose` is called once it is no longer
 * ours. `first`: the heartbeat that was written with the lock.
 */
export function startLockHeartbeat(
  client: Pick<PoolClient, 'query'>,
  activationId: number,
  first: Confirmed,
  lose: (words: string) => void,
): LockHeartbeat {
  let confirmed = first
  let asking = false
  const beat = async (): Promise<void> => {
    if (asking) return
    asking = true
    const asked = clocks()
    try {
      const { rowCount } = await client.query(
        'update activation_hold set seen_at = clock_timestamp() where activation_id = $1 and backend_pid = pg_backend_pid()',
        [activationId],
      )
      if (rowCount === 0) lose('Another process took over the activation.')
      else confirmed = asked
    } catch {
      // It stays unconfirmed; a broken connection reports to its other listeners.
    } finally {
      asking = false
    }
  }
  const listeners = new Set<() => void>()
  let silent = 0
  const timer = setInterval(() => {
    // Counts turns, not time: a process that was frozen itself sends a heartbeat first.
    silent = asking ? silent + 1 : 0
    if (silent === unsureTurns) for (const listener of listeners) listener()
    void beat()
  }, beatMs).unref()
  return {
    isSure() {
      const is = clocks()
      const sure = is.wall - confirmed.wall < sureMs && is.steady - confirmed.steady < sureMs
      if (!sure) void beat()
      return sure
    },
    whenUnsure(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stop: () => clearInterval(timer),
  }
}

/**
 * The steady clock stops while the machine sleeps, and the wall clock may be set back: the larger difference counts.
 */
function clocks(): Confirmed {
  return { wall: Date.now(), steady: performance.now() }
}
