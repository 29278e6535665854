import { Fault } from '../model/fault.ts'
import { ensureActivation } from '../store/activations.ts'
import { lockActivation } from '../store/lock.ts'
import { markAsPlan } from '../store/plan-runs.ts'
import { recoverRuns } from '../store/recover.ts'
import { startRun } from '../store/runs.ts'
import type { Activation } from './activation.ts'
import { withDatabaseFaults } from './database-faults.ts'
import type { Held } from './held.ts'
import type { Ports } from './ports.ts'
import { steadyClock } from './steady-clock.ts'

/**
 * Takes the Activation's lock, settles what a dead process left behind, starts a Run, and gives the lock back when `work` is done.
 * A Fault from here means that no Run began, or that the control database went away before one could tell how it ended.
 */
export async function holdActivation<T>(
  activation: Activation, ports: Ports, how: Pick<Held, 'remember' | 'allow' | 'exact' | 'canary'>, work: (held: Held, notices: readonly string[]) => Promise<T>,
): Promise<T> {
  return await withDatabaseFaults(() => holdWhileThere(activation, ports, how, work))
}

async function holdWhileThere<T>(
  activation: Activation, ports: Ports, how: Pick<Held, 'remember' | 'allow' | 'exact' | 'canary'>, work: (held: Held, notices: readonly string[]) => Promise<T>,
): Promise<T> {
  const row = await ensureActivation(ports.database, activation.name)
  if (row.adoptedBy !== null) {
    throw new Fault('usage', `"${activation.name}" has no memory any more: "${row.adoptedBy}" took it over.`, {
      code: 'memory-handed-over', where: `activation "${activation.name}"`, advice: `Run "${row.adoptedBy}" instead, and take this one out of the config.`,
    })
  }
  const lock = await lockActivation(ports.database, row.id, activation.name)
  try {
    const recovered = await recoverRuns(ports.database, row.id)
    const runId = await startRun(ports.database, {
      activationId: row.id, worker: ports.worker, behavior: activation.behavior.id, object: activation.object.id, identifier: activation.identifier.field,
    })
    if (!how.remember) await markAsPlan(ports.database, runId)
    const notices = recovered.inDoubt === 0
      ? []
      : [`An earlier Run was interrupted: ${recovered.inDoubt} records were in doubt and are settled first.`]
    const stop = AbortSignal.any([ports.stop, await lock.cancelRequests(runId)])
    return await work({
      activation, row, ports: { ...ports, stop, now: steadyClock(ports.now) }, ...how, holder: { runId, activationId: row.id, attempt: 1 }, signal: AbortSignal.any([ports.abort, lock.lost]),
    }, notices)
  } finally {
    await lock.release()
  }
}
