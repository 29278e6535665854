import type { Pool } from 'pg'
import { Fault } from '../../model/fault.ts'
import { notice } from '../../model/notice.ts'
import { endStatus, type Counts, type RunStatus } from '../../model/run.ts'
import { noneVerified, type Verified } from '../../model/observed.ts'
import { inTransaction } from '../../store/database/transaction.ts'
import { upkeep } from '../../store/database/upkeep.ts'
import { countOutcomes, countStanding, noOutcomes, outcomesAsCounts } from '../../store/ledger/ledger.ts'
import { countAtWork } from '../../store/snapshot/job-tickets.ts'
import { dropOperations } from '../../store/plans/operations.ts'
import { finishRun } from '../../store/runs/runs.ts'
import { leaseLost, requireLease, type RunLease } from '../../store/snapshot/marks.ts'
import { longestPauseMs, type DeliveryEnd } from '../delivery/deliver.ts'
import { writeInterrupted } from '../delivery/write-interrupted.ts'
import { settleAsUnconfirmed } from '../delivery/settle-as-unconfirmed.ts'
import { nameDisk } from '../faults/database-faults.ts'
import { planningCutShort } from '../faults/planning-ended.ts'
import { isServerStop } from '../jobs/server-stops.ts'
import type { RunContext } from '../run-context.ts'
import type { RunProgress } from '../run-progress.ts'
import type { RunReport } from '../run-report.ts'

/**
 * How a Fault before the first write ends the Run. If the Run is deferred, keeps what was read for the next Run.
 * Undefined: the Fault itself ends it.
 */
export async function endPlanning(
  { ports }: RunContext,
  progress: RunProgress,
  fault: Fault,
): Promise<DeliveryEnd | undefined> {
  const isOverTime = ports.now() >= progress.deadline - longestPauseMs
  const end = planningCutShort({ fault, hasBegun: progress.link !== undefined, isOverTime })
  if (end !== undefined) await progress.reads?.keep()
  return end
}

/** Ends the Run and returns its report. The counts come from the Ledger, not from this process. */
export async function finishAndReport(
  context: RunContext,
  progress: RunProgress,
  end: DeliveryEnd | undefined,
  endedBy: Fault | undefined,
): Promise<RunReport> {
  const { activation, ports, row, lease } = context
  // Recovery looks only at open Runs, so no batch without a ticket may stay marked when this one ends. If that fails, the Run stays open.
  if (progress.hasDelivered)
    await settleAsUnconfirmed(ports.database, lease).catch((error: unknown) => {
      if (!Fault.is(error) || error.code !== 'lease-lost') throw error
    })
  let fault = endedBy && (await nameDisk(ports.database, endedBy))
  const { groups, ...outcomes } = progress.hasDelivered ? await countOutcomes(ports.database, lease.runId) : noOutcomes
  const atWork = progress.hasDelivered ? await countAtWork(ports.database, lease.runId) : 0
  if (atWork > 0) await leaveAtWork(ports.database, lease)
  progress.counts = { ...progress.counts, ...outcomesAsCounts(outcomes, atWork) }
  const { counts, notices, verified, link, startedAt } = progress
  if (atWork > 0)
    notices.push(
      notice(
        'job-at-work',
        `The Target may still work on ${atWork} ${atWork === 1 ? 'record' : 'records'} of this Run. The next Run collects the results before it does anything else.`,
        { records: atWork },
      ),
    )
  progress.status = statusAtEnd(counts, verified ?? noneVerified, end, fault)
  if (progress.status === 'cancelled' && isServerStop(ports.stop)) {
    progress.status = 'deferred'
    const words = 'The server was stopped. Another Run continues where this Run ended, as soon as a server is up.'
    notices.push(notice('server-stopped', words))
  }
  const requests = { read: link?.client.counts.read ?? 0, write: link?.client.counts.write ?? 0 }
  const countsAgain = progress.hasJobs || atWork > 0
  const ending = { countsAgain, status: progress.status, counts, outcomes: groups, requests, notices, fault }
  const standing = await finishRun(ports.database, lease, ending)
  if (standing === undefined) {
    progress.status = 'interrupted'
    fault = leaseLost()
  }
  if (progress.hasLines) await dropOperations(ports.database, lease.runId)
  await upkeep(ports.database, counts.planned)
  progress.show()
  return {
    run: lease.runId,
    activation: activation.name,
    status: progress.status,
    counts,
    requests,
    durationMs: Math.round(ports.now() - startedAt),
    notices,
    standing: standing ?? (await countStanding(ports.database, row.id)),
    fault,
    ...(verified && { verified }),
  }
}

/** Links at work are unconfirmed until a later Run collects them, so that other Activations see what is wanted. */
async function leaveAtWork(pool: Pool, lease: RunLease): Promise<void> {
  await inTransaction(pool, async (client) => {
    await requireLease(client, lease)
    await writeInterrupted(client, lease.activationId, [lease.runId])
  }).catch((error: unknown) => {
    if (!Fault.is(error) || error.code !== 'lease-lost') throw error
  })
}

/** The status a Run ends with, by its counts and by what ended it. */
function statusAtEnd(
  counts: Counts,
  { missing }: Verified,
  end: DeliveryEnd | undefined,
  fault: Fault | undefined,
): RunStatus {
  if (end?.how === 'cancelled' || fault?.kind === 'cancelled') return 'cancelled'
  if (
    end?.how === 'trouble' ||
    end?.how === 'limit-exhausted' ||
    end?.how === 'run-deferred' ||
    end?.how === 'time-limit' ||
    fault?.code === 'time-limit'
  )
    return 'deferred'
  if (fault?.kind === 'blocked' || fault?.kind === 'stopped') return fault.kind
  if (fault !== undefined) return 'failed'
  return missing > 0 ? 'completed with failures' : endStatus(counts)
}
