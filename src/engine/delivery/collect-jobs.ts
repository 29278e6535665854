import type { Pool } from 'pg'
import { withoutAbsent } from '../../model/absent-groups.ts'
import { Fault } from '../../model/fault.ts'
import { notice, type Notice } from '../../model/notice.ts'
import { inTransaction } from '../../store/database/transaction.ts'
import { countOutcomes } from '../../store/ledger/ledger.ts'
import { dropOperations, readLines } from '../../store/plans/operations.ts'
import { findRun, recountRun } from '../../store/runs/runs.ts'
import { countAtWork, readBatchesAtWork, resaveTicket, type BatchAtWork } from '../../store/snapshot/job-tickets.ts'
import type { SettledOutcome } from '../../store/snapshot/marks.ts'
import { writeCollected } from '../../store/snapshot/write-snapshot.ts'
import type { RunContext } from '../run-context.ts'
import type { RunProgress } from '../run-progress.ts'
import type { TargetLink } from '../steps/open/open-connections.ts'
import { groupColumn, settingsNaming } from '../steps/read/group-column.ts'
import { openWait, ticketOf } from './job-ticket.ts'
import { sendSlice } from './send-slice.ts'
import { asWriting, settleBatches } from './settle-answers.ts'

/**
 * Collects the results of jobs that earlier Runs started and did not see to their end, before anything is read or planned.
 * They are booked under the Run that marked the batch. Nothing new is sent. Throws a Fault if a job is not done at this
 * Run's deadline, or on a stop: its ticket is left for a later Run.
 */
export async function collectJobs(context: RunContext, progress: RunProgress, link: TargetLink): Promise<void> {
  const batches = await readBatchesAtWork(context.ports.database, context.lease.activationId)
  progress.hasJobs = batches.length > 0
  for (const batch of batches) {
    const outcomes = await collect(context, progress, link, batch)
    const count = (...statuses: readonly string[]) =>
      outcomes.filter(({ outcome }) => statuses.includes(outcome.status)).length
    const figures = {
      delivered: count('delivered', 'in-place'),
      rejected: count('rejected'),
      unclear: count('on-hold', 'unconfirmed'),
    }
    progress.notices.push(
      notice(
        'job-collected',
        `Run ${batch.runId} ended while the Target worked on ${recordsOf(batch.ordinals.length)}. The results were collected: ${figures.delivered} delivered, ${figures.rejected} rejected, ${figures.unclear} not done or without a clear answer.`,
        { run: batch.runId, records: batch.ordinals.length, ...figures },
      ),
    )
  }
}

/** For plans and previews, which collect nothing. */
export async function noteJobsAtWork(pool: Pool, activationId: number): Promise<readonly Notice[]> {
  const batches = await readBatchesAtWork(pool, activationId)
  const records = batches.reduce((sum, { ordinals }) => sum + ordinals.length, 0)
  if (records === 0) return []
  return [
    notice(
      'job-at-work',
      `The Target may still work on ${recordsOf(records)} of an earlier Run. The next Run collects the results before it does anything else.`,
      { records },
    ),
  ]
}

const recordsOf = (count: number): string => `${count} ${count === 1 ? 'record' : 'records'}`

async function collect(
  context: RunContext,
  progress: RunProgress,
  link: TargetLink,
  { runId, attempt, ticket, ordinals, handed, firstOrdinal, markedAt }: BatchAtWork,
): Promise<readonly SettledOutcome[]> {
  const { activation, ports, lease, signal } = context
  const lines = await readLines(ports.database, runId, ordinals)
  const byOrdinal = new Map(lines.map((line) => [line.ordinal, line]))
  // In the order of the first call, so that every Operation has the Key that it had then.
  const operations = handed.flatMap((ordinal) => byOrdinal.get(ordinal) ?? [])
  const [first] = operations
  if (first === undefined || operations.length !== handed.length)
    throw new Fault('bug', `The plan of Run ${runId} lacks lines that a job of the Target works on.`, {
      code: 'lines-lost',
    })
  const { kind } = asWriting(first)
  const answer = await sendSlice(
    {
      kind,
      group: first.group,
      operations,
      unconfirmed: operations.every(({ reason }) => reason === 'unconfirmed'),
      isUnread: false,
      isDueAgain: false,
    },
    {
      io: link.io,
      wait: openWait({ stop: ports.stop, deadline: progress.deadline, now: ports.now }, signal),
      object: activation.object,
      resolved: await resolvedFor(context, link, runId),
      identifierField: activation.identifier.field,
      onlyIfEmpty: new Set(),
    },
    {
      ticketFor: () =>
        ticketOf(ticket, (text) => resaveTicket(ports.database, lease, { runId, attempt, firstOrdinal }, text)),
      collects: true,
    },
  )
  // An error of the connector would come again in each Run. The records are read instead.
  if (answer.fault !== undefined && answer.fault.kind !== 'bug') throw answer.fault
  const isHanded = new Set(handed)
  const outcomes: readonly SettledOutcome[] = [
    ...answer.outcomes,
    // The process ended before it booked what it had found out about the others.
    ...ordinals
      .filter((ordinal) => !isHanded.has(ordinal))
      .map((ordinal): SettledOutcome => ({
        ordinal,
        outcome: {
          status: 'unconfirmed',
          code: 'interrupted',
          message: 'The process ended before the result was saved.',
        },
      })),
  ]
  const booked = { runId, attempt, activationId: lease.activationId }
  await settleBatches(
    ports.database,
    booked,
    [{ batch: { kind, ordinals: [firstOrdinal] }, lines, markedAt, outcomes }],
    (settlement) =>
      inTransaction(ports.database, async (client) => {
        await writeCollected(client, lease, booked, settlement)
        await dropOperations(client, runId)
        await recountRun(client, runId, await countOutcomes(client, runId), await countAtWork(client, runId))
      }),
  )
  return outcomes
}

/** With the groups of the Run that started the job, if its rows named them. */
async function resolvedFor(
  { activation, ports: { database } }: RunContext,
  link: TargetLink,
  runId: number,
): Promise<TargetLink['resolved']> {
  if (groupColumn(activation) === undefined) return link.resolved
  const names = withoutAbsent((await findRun(database, runId))?.groups ?? []).map(({ name }) => name)
  return await activation.object.resolve(link.io, settingsNaming(activation, names))
}
