import type { Pool, PoolClient } from 'pg'
import { isDatabaseTrouble } from './database-trouble.ts'
import { endSilentHolders } from './holder.ts'

/** First half of the advisory lock's name; the second is a hash of what is shared. Any constant will do, as long as it stays. */
const lockClass = 7_411_002
/** How often one that is held is asked for again. */
const againMs = 100

export interface GroupLock {
  release(): Promise<void>
}

/**
 * The right to plan and write where several Activations meet, one at a time: what one of them still wants must be settled before another
 * takes it off. Held by a database session. Waits until it is free, or whoever holds it is silent; undefined where `stop` or the time limit came first.
 */
export async function lockGroup(pool: Pool, name: string, stop: AbortSignal, isOver: () => boolean): Promise<GroupLock | undefined> {
  for (;;) {
    const client = await pool.connect()
    let got = false
    try {
      const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as got', [lockClass, name])
      got = rows[0]?.got === true
      if (got) return { release: () => release(client, name) }
      await endSilentHolders(client, { lockClass, name })
    } finally {
      if (!got) client.release()
    }
    if (stop.aborted || isOver()) return undefined
    await pause(stop)
  }
}

async function release(client: PoolClient, name: string): Promise<void> {
  let broken = true
  try {
    await client.query('select pg_advisory_unlock($1, hashtext($2))', [lockClass, name])
    broken = false
  } catch (error) {
    // A connection that is gone holds no lock, and what was done under it is done.
    if (!isDatabaseTrouble(error)) throw error
  } finally {
    client.release(broken)
  }
}

function pause(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      stop.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, againMs)
    stop.addEventListener('abort', done, { once: true })
  })
}
