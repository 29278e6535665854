import type { Pool, PoolClient } from 'pg'
import { Fault } from '../model/fault.ts'
import { isDatabaseTrouble } from './database-trouble.ts'

/** First half of the advisory lock's name; the second is the Activation's id. Any constant will do, as long as it stays. */
const lockClass = 7_411_001

export interface ActivationLock {
  /** Aborted when the database let go of the lock (its connection broke): whoever holds it must stop. */
  readonly lost: AbortSignal
  /** From now on, tells when another process asks that this Run be stopped. */
  cancelRequests(runId: number): Promise<AbortSignal>
  release(): Promise<void>
}

/**
 * The right to run an Activation, held by a database session: it ends with the process, so a killed Run can be followed
 * at once, without waiting for a lease to run out. What a stalled holder still tries is fenced by the Run's attempt.
 */
export async function lockActivation(pool: Pool, activationId: number, name: string): Promise<ActivationLock> {
  const client = await pool.connect()
  const lost = new AbortController()
  const onEnd = () => lost.abort(new Fault('transient', 'The connection to the control database broke during the Run.', {
    code: 'lease-lost',
    advice: 'Run it again: what was in flight is in doubt and is settled first.',
  }))
  client.on('error', onEnd)
  client.on('end', onEnd)
  const detach = () => {
    client.off('error', onEnd)
    client.off('end', onEnd)
  }
  const got = await tryLock(client, activationId).catch((error: unknown) => {
    detach()
    client.release(true)
    throw error
  })
  if (!got) {
    detach()
    client.release()
    throw new Fault('transient', `"${name}" is being run by another process${await describeHolder(pool, activationId)}.`, {
      code: 'already-running',
      advice: 'Wait for that Run to end, or stop it with "tailrace cancel RUN" or Ctrl-C in its terminal; then start again.',
    })
  }
  return {
    lost: lost.signal,
    async cancelRequests(runId) {
      const asked = new AbortController()
      client.on('notification', ({ channel }) => {
        if (channel === cancelChannel(runId)) asked.abort()
      })
      await client.query(`listen ${cancelChannel(runId)}`)
      return asked.signal
    },
    async release() {
      detach()
      if (lost.signal.aborted) {
        client.release(true)
        return
      }
      let broken = true
      try {
        client.removeAllListeners('notification')
        await client.query('unlisten *')
        await client.query('select pg_advisory_unlock($1, $2)', [lockClass, activationId])
        broken = false
      } catch (error) {
        // A connection that is gone holds no lock, and what was done under it is done.
        if (!isDatabaseTrouble(error)) throw error
      } finally {
        client.release(broken)
      }
    },
  }
}

/** Asks whoever runs it to stop it safely. Nobody may be there to hear it. */
export async function requestCancel(pool: Pool, runId: number): Promise<void> {
  await pool.query(`notify ${cancelChannel(runId)}`)
}

/** Whether a process that lives holds the Activation. */
export async function isHeld(pool: Pool, activationId: number): Promise<boolean> {
  const { rows } = await pool.query(
    `select from pg_locks where locktype = 'advisory' and granted and objsubid = 2 and classid = $1::bigint::oid and objid = $2::bigint::oid
       and database = (select oid from pg_database where datname = current_database()) limit 1`, [lockClass, activationId])
  return rows.length > 0
}

function cancelChannel(runId: number): string {
  return `tailrace_cancel_${runId}`
}

async function tryLock(client: PoolClient, activationId: number): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, $2) as got', [lockClass, activationId])
  return rows[0]?.got === true
}

async function describeHolder(pool: Pool, activationId: number): Promise<string> {
  const { rows } = await pool.query<{ id: string; worker: string; started_at: Date }>(
    'select id, worker, started_at from run where activation_id = $1 and finished_at is null order by id desc limit 1', [activationId])
  const run = rows[0]
  return run === undefined ? '' : ` (Run ${run.id} by ${run.worker}, since ${run.started_at.toISOString()})`
}
