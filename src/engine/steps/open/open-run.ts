import { Fault } from '../../../model/fault.ts'
import { nounsOf } from '../../../model/noun.ts'
import { notice, type Notice } from '../../../model/notice.ts'
import { ensureActivation } from '../../../store/project/activations.ts'
import { lockActivation } from '../../../store/runs/activation-lock.ts'
import { becomeRun, startPlan } from '../../../store/plans/numbered-plans.ts'
import { startRun } from '../../../store/runs/runs.ts'
import type { Activation } from '../../activation.ts'
import { withDatabaseFaults } from '../../faults/database-faults.ts'
import type { RunContext } from '../../run-context.ts'
import type { Ports } from '../../ports.ts'
import { recoverRuns } from './recover-activation.ts'
import { steadyClock } from './steady-clock.ts'

/** `asPlan`: it has a Plan number until it becomes a Run. */
export type HowToOpen = Pick<RunContext, 'remember' | 'allow' | 'exact' | 'canary'> & { readonly asPlan: boolean }

/**
 * Takes the Activation's lock, settles what a dead process left, starts a Run, and releases the lock after `work`. A
 * Fault from here means that no Run started, or that the control database failed before the Run's end was saved.
 */
export async function openRun<T>(
  activation: Activation,
  ports: Ports,
  how: HowToOpen,
  work: (context: RunContext, notices: readonly Notice[]) => Promise<T>,
): Promise<T> {
  return await withDatabaseFaults(ports.database, () => openUnderLock(activation, ports, how, work))
}

async function openUnderLock<T>(
  activation: Activation,
  ports: Ports,
  how: HowToOpen,
  work: (context: RunContext, notices: readonly Notice[]) => Promise<T>,
): Promise<T> {
  const row = await ensureActivation(ports.database, activation.name)
  if (row.takenOverBy !== null) {
    throw new Fault('usage', `"${activation.name}" has no state any more: "${row.takenOverBy}" took it over.`, {
      code: 'memory-handed-over',
      where: `activation "${activation.name}"`,
      advice: `Run "${row.takenOverBy}" instead, and remove "${activation.name}" from the config.`,
    })
  }
  const lock = await lockActivation(ports.database, row.id, activation.name)
  try {
    const recovered = await recoverRuns(ports.database, row.id)
    const made = {
      activationId: row.id,
      worker: ports.worker,
      behavior: activation.behavior.id,
      object: activation.object.id,
      identifier: activation.identifier.field,
      nouns: nounsOf(activation.object),
    }
    const lease = {
      runId: await (how.asPlan ? startPlan : startRun)(ports.database, made),
      activationId: row.id,
      attempt: 1,
    }
    const notices =
      recovered.unconfirmed === 0
        ? []
        : [
            notice(
              'earlier-run-interrupted',
              `An earlier Run was interrupted: ${recovered.unconfirmed} records were unconfirmed, and this Run settles them first.`,
              { records: recovered.unconfirmed },
            ),
          ]
    const cancelled = new AbortController()
    const listen = async (): Promise<void> => {
      const asked = await lock.cancelRequests(lease.runId)
      asked.addEventListener('abort', () => cancelled.abort(asked.reason))
    }
    await listen()
    const stop = AbortSignal.any([ports.stop, cancelled.signal])
    return await work(
      {
        activation,
        row,
        ports: { ...ports, stop, now: steadyClock(ports.now) },
        ...how,
        lease,
        signal: AbortSignal.any([ports.abort, lock.lost]),
        lock,
        lockGroups: lock.lockGroups,
        async becomeRun() {
          lease.runId = await becomeRun(ports.database, lease.runId)
          await listen()
        },
      },
      notices,
    )
  } finally {
    await lock.release()
  }
}
