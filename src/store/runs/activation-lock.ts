import type { Pool, PoolClient } from 'pg'
import { Fault } from '../../model/fault.ts'
import { isDatabaseTrouble } from '../database/database-trouble.ts'
import { lockGroups, type Got, type GroupClaim, type Waiting } from './group-lock.ts'
import { endHolder, findHolder } from './lock-holder.ts'
import { startLockHeartbeat, takeLock, type Confirmed } from './lock-heartbeat.ts'

export interface ActivationLock {
  /** Aborted when the database session lost the lock (its connection broke, or was ended): its holder must stop. */
  readonly lost: AbortSignal
  /**
   * False if the database has not confirmed the lock for so long that another process may have it by now, e.g. after
   * this process was frozen or cut off. Until it is confirmed, nothing may be sent.
   */
  readonly isSure: () => boolean
  /**
   * Calls the listener whenever the lock is no longer sure (not while the process is frozen). Returns a function that
   * removes it.
   */
  readonly whenUnsure: (listener: () => void) => () => void
  /** Claims groups that other Activations write to as well, until this lock is released or lost. */
  readonly lockGroups: (claim: GroupClaim, waiting: Waiting) => Promise<Got>
  /** From now on, signals when another process requests that this Run stops. */
  cancelRequests(runId: number): Promise<AbortSignal>
  release(): Promise<void>
}

/**
 * The right to run an Activation, held by a database session. It ends with the process, so a killed Run can be followed
 * at once, without waiting for a lease to expire. A process that is frozen or cut off keeps its session but not its
 * heartbeat: another process that needs the Activation then ends that session. The Run's attempt fences whatever a
 * stalled holder still tries.
 */
export async function lockActivation(pool: Pool, activationId: number, name: string): Promise<ActivationLock> {
  const client = await pool.connect()
  const lost = new AbortController()
  const lose = (words: string): void =>
    lost.abort(
      new Fault('transient', words, {
        code: 'lease-lost',
        advice: 'Run it again: the records that were in flight are unconfirmed, and the next Run reads them first.',
      }),
    )
  const onEnd = (): void => lose('The connection to the control database broke during the Run.')
  client.on('error', onEnd)
  client.on('end', onEnd)
  const detach = () => {
    client.off('error', onEnd)
    client.off('end', onEnd)
  }
  let first: Confirmed | undefined
  try {
    first = await takeLock(client, activationId)
    if (first === undefined && (await endHolder(pool, activationId, name))) first = await takeLock(client, activationId)
    if (first === undefined) {
      throw new Fault(
        'transient',
        `"${name}" is already running in another process${await describeHolder(pool, activationId)}.`,
        {
          code: 'already-running',
          advice:
            'Wait for that Run to end, or stop it with "tailrace cancel RUN" or Ctrl-C in its terminal; then start again.',
        },
      )
    }
  } catch (error) {
    detach()
    client.release(!Fault.is(error))
    throw error
  }
  const line = inTurn(client)
  const heartbeat = startLockHeartbeat(line, activationId, first, lose)
  return {
    lost: lost.signal,
    isSure: heartbeat.isSure,
    whenUnsure: heartbeat.whenUnsure,
    lockGroups: async (claim, waiting) => await lockGroups(line, claim, waiting),
    async cancelRequests(runId) {
      const asked = new AbortController()
      client.on('notification', ({ channel }) => {
        if (channel === cancelChannel(runId)) asked.abort()
      })
      await line.query(`listen ${cancelChannel(runId)}`)
      return asked.signal
    },
    async release() {
      detach()
      heartbeat.stop()
      if (lost.signal.aborted) {
        client.release(true)
        return
      }
      let broken = true
      try {
        client.removeAllListeners('notification')
        // One message. In this order: a lock without an entry looks like a lock of a silent holder.
        await line.query(
          `unlisten *; select pg_advisory_unlock_all(); delete from activation_hold where activation_id = ${activationId} and backend_pid = pg_backend_pid()`,
        )
        broken = false
      } catch (error) {
        // A broken connection holds no lock, and the work under it is done.
        if (!isDatabaseTrouble(error)) throw error
      } finally {
        client.release(broken)
      }
    },
  }
}

/** Runs one query of a session at a time: heartbeats continue between other queries. */
function inTurn(client: PoolClient): Pick<PoolClient, 'query'> {
  let last: Promise<unknown> = Promise.resolve()
  const query = (...given: Parameters<PoolClient['query']>): Promise<unknown> => {
    const next = last.then(() => client.query(...given) as unknown as Promise<unknown>)
    last = next.catch(() => undefined)
    return next
  }
  return { query: query as PoolClient['query'] }
}

/** Requests a safe stop of a Run. There may be no process that listens. */
export async function requestCancel(pool: Pool, runId: number): Promise<void> {
  await pool.query(`notify ${cancelChannel(runId)}`)
}

/** Whether a living process holds the Activation. */
export async function isHeld(pool: Pool, activationId: number): Promise<boolean> {
  const { rows } = await pool.query<{ held: boolean }>('select is_held($1) as held', [activationId])
  return rows[0]?.held === true
}

function cancelChannel(runId: number): string {
  return `tailrace_cancel_${runId}`
}

async function describeHolder(pool: Pool, activationId: number): Promise<string> {
  const [
    {
      rows: [run],
    },
    holder,
  ] = await Promise.all([
    pool.query<{ id: string; worker: string; started_at: Date; purpose: string }>(
      'select id, worker, started_at, purpose from run where activation_id = $1 and finished_at is null order by id desc limit 1',
      [activationId],
    ),
    findHolder(pool, activationId),
  ])
  const heard = holder === undefined ? '' : `, last heartbeat ${Math.max(0, Math.round(holder.silentMs / 1000))} s ago`
  if (run === undefined)
    return holder === undefined ? '' : ` (${holder.worker}, since ${holder.since.toISOString()}${heard})`
  return ` (${run.purpose === 'plan' ? 'a plan made' : `Run ${run.id}`} by ${run.worker}, since ${run.started_at.toISOString()}${heard})`
}
