import type { Pool } from 'pg'
import { endHolder, findHolder, type LockHolder } from '../store/runs/lock-holder.ts'
import { lockActivation } from '../store/runs/activation-lock.ts'
import { withDatabaseFaults } from './faults/database-faults.ts'
import { endRuns, recoverRuns } from './steps/open/recover-activation.ts'

/** Runs that were settled because no process works on them. */
export interface SettledRuns {
  /** Runs that ended as interrupted. */
  readonly runs: number
  /** Records that these Runs had marked and not settled. */
  readonly unconfirmed: number
}

/**
 * Ends the Runs of an Activation whose process is gone, and marks what they may have sent as unconfirmed. Throws if a
 * process holds the Activation's lock.
 */
export async function settleInterrupted(pool: Pool, activationId: number, name: string): Promise<SettledRuns> {
  return await withDatabaseFaults(pool, async () => {
    const lock = await lockActivation(pool, activationId, name)
    try {
      return await recoverRuns(pool, activationId)
    } finally {
      await lock.release()
    }
  })
}

async function endedRuns(pool: Pool, activationId: number): Promise<SettledRuns> {
  const { ids, unconfirmed } = await endRuns(pool, activationId)
  return { runs: ids.length, unconfirmed }
}

/** Takes an Activation's lock from its process, even if that process is alive, and settles its Runs. */
export async function freeActivation(
  pool: Pool,
  activationId: number,
  name: string,
): Promise<SettledRuns & { readonly holder: LockHolder | undefined }> {
  return await withDatabaseFaults(pool, async () => {
    const holder = await findHolder(pool, activationId)
    let [runs, unconfirmed] = [0, 0]
    const add = (settled: SettledRuns): void => {
      runs += settled.runs
      unconfirmed += settled.unconfirmed
    }
    // Settle before the lock is taken, so that the Run can write nothing more. Otherwise a live process would end the
    // Run itself, with another status.
    if (holder !== undefined)
      await endHolder(pool, activationId, name, {
        force: true,
        first: async () => add(await endedRuns(pool, activationId)),
      })
    add(await settleInterrupted(pool, activationId, name))
    return { runs, unconfirmed, holder }
  })
}
