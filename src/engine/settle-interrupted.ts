import type { Pool } from 'pg'
import { endHolder, findHolder, type LockHolder } from '../store/runs/lock-holder.ts'
import { lockActivation } from '../store/runs/activation-lock.ts'
import { withDatabaseFaults } from './faults/database-faults.ts'
import { endRuns, recoverRuns } from './steps/open/recover-activation.ts'

/** What became of Runs that nobody works on any more. */
export interface SettledRuns {
  /** Runs that ended as interrupted. */
  readonly runs: number
  /** Records that they had marked and not settled. */
  readonly unconfirmed: number
}

/** Ends the Runs of an Activation whose process is gone, and notes what they may have sent. Throws where somebody works on it. */
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

/** Takes an Activation from whoever holds it, whether its heartbeat goes on or not, and settles its Runs. */
export async function freeActivation(pool: Pool, activationId: number, name: string): Promise<SettledRuns & { readonly holder: LockHolder | undefined }> {
  return await withDatabaseFaults(pool, async () => {
    const holder = await findHolder(pool, activationId)
    let [runs, unconfirmed] = [0, 0]
    const add = (settled: SettledRuns): void => {
      runs += settled.runs
      unconfirmed += settled.unconfirmed
    }
    // Settled while it is still held, its Run can write nothing more; a holder that lives would else end it in its own words.
    if (holder !== undefined) await endHolder(pool, activationId, name, { force: true, first: async () => add(await endedRuns(pool, activationId)) })
    add(await settleInterrupted(pool, activationId, name))
    return { runs, unconfirmed, holder }
  })
}
