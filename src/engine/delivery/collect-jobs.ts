import type { Pool } from 'pg'
import { Fault } from '../../model/fault.ts'
import { notice, type Notice } from '../../model/notice.ts'
import { countOutcomes } from '../../store/ledger/ledger.ts'
import { dropOperations, readLines } from '../../store/plans/operations.ts'
import { recountRun } from '../../store/runs/runs.ts'
import { countAtWork, readBatchesAtWork, resaveTicket, type BatchAtWork } from '../../store/snapshot/job-tickets.ts'
import { writeCollected } from '../../store/snapshot/write-snapshot.ts'
import type { RunContext } from '../run-context.ts'
import type { RunProgress } from '../run-progress.ts'
import type { TargetLink } from '../steps/open/open-connections.ts'
import { openWait, ticketOf } from './job-ticket.ts'
import { sendSlice } from './send-slice.ts'
import { asWriting, settleBatches } from './settle-answers.ts'

/**
 * Collects the results of jobs that earlier Runs started and did not see to their end, before anything is read or planned.
 * They are booked under the Run that marked the batch. Throws a Fault if a job is not done at this Run's deadline, or on a
 * stop: its ticket is left for a later Run.
 */
export async function collectJobs(
  context: RunContext,
  progress: RunProgress,
  link: TargetLink,
  onlyIfEmpty: ReadonlySet<string>,
): Promise<void> {
  const { ports, lease } = context
  const batches = await readBatchesAtWork(ports.database, lease.activationId)
  for (const batch of batches) {
    const outcomes = await collect(context, progress, { link, onlyIfEmpty }, batch)
    progress.notices.push(
      notice(
        'job-collected',
        `Run ${batch.runId} ended while the Target worked on ${batch.ordinals.length} records. Their results were collected: ${outcomes.delivered} delivered, ${outcomes.rejected} rejected.`,
        { run: batch.runId, records: batch.ordinals.length, ...outcomes },
      ),
    )
  }
}

/** For plans, previews and `verify`, which collect nothing. */
export async function noteJobsAtWork(pool: Pool, activationId: number): Promise<readonly Notice[]> {
  const batches = await readBatchesAtWork(pool, activationId)
  const records = batches.reduce((sum, { ordinals }) => sum + ordinals.length, 0)
  if (records === 0) return []
  return [
    notice(
      'job-at-work',
      `The Target still works on ${records} ${records === 1 ? 'record' : 'records'} of an earlier Run. They wait: the next Run collects the results before it does anything else.`,
      { records },
    ),
  ]
}

async function collect(
  { activation, ports, lease, signal }: RunContext,
  progress: RunProgress,
  { link, onlyIfEmpty }: { readonly link: TargetLink; readonly onlyIfEmpty: ReadonlySet<string> },
  { runId, attempt, ticket, ordinals, markedAt }: BatchAtWork,
): Promise<{ readonly delivered: number; readonly rejected: number }> {
  const lines = await readLines(ports.database, runId, ordinals)
  const [first] = lines
  if (first === undefined || lines.length !== ordinals.length)
    throw new Fault('bug', `The plan of Run ${runId} lacks lines that a job of the Target works on.`, {
      code: 'lines-lost',
    })
  const { kind } = asWriting(first)
  const { outcomes, fault } = await sendSlice(
    {
      kind,
      group: first.group,
      operations: lines,
      unconfirmed: first.group === '' && lines.every(({ reason }) => reason === 'unconfirmed'),
      isUnread: false,
      isDueAgain: false,
    },
    {
      io: link.io,
      wait: openWait({ stop: ports.stop, deadline: progress.deadline, now: ports.now }, signal),
      object: activation.object,
      resolved: link.resolved,
      identifierField: activation.identifier.field,
      onlyIfEmpty,
    },
    ticketOf(ticket, (text) => resaveTicket(ports.database, lease, { runId, attempt, ordinals }, text)),
  )
  if (fault !== undefined) throw fault
  const booked = { runId, attempt, activationId: lease.activationId }
  await settleBatches(
    ports.database,
    booked,
    [{ batch: { kind, ordinals }, lines, markedAt, outcomes }],
    (settlement) => writeCollected(ports.database, lease, booked, settlement),
  )
  await dropOperations(ports.database, runId)
  await recountRun(
    ports.database,
    runId,
    await countOutcomes(ports.database, runId),
    await countAtWork(ports.database, runId),
  )
  const count = (status: string) => outcomes.filter(({ outcome }) => outcome.status === status).length
  return { delivered: count('delivered') + count('in-place'), rejected: count('rejected') }
}
