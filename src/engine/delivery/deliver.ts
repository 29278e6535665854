import type { Pool } from 'pg'
import { Fault } from '../../model/fault.ts'
import { judgeFailures, type Limit } from '../../rules/guardrails.ts'
import { readOperations, writingKinds } from '../../store/plans/operations.ts'
import { forgetOtherNames } from '../../store/snapshot/write-snapshot.ts'
import { keepExchanges } from '../../store/ledger/exchanges.ts'
import { markBatches, type Batch, type RunLease } from '../../store/snapshot/marks.ts'
import type { ExchangeKeeper } from './exchange-keeper.ts'
import { guardFault } from '../faults/guard-fault.ts'
import { limitExhausted } from '../faults/limit-exhausted.ts'
import type { HttpClient } from '../../http/http-client-contract.ts'
import type { TroubleCode } from '../../http/network-trouble.ts'
import { readBefore, type ReadBefore, type ReadBudget } from './read-before.ts'
import { settleBatches, type SettledBatch } from './settle-answers.ts'
import { openTicket } from './job-ticket.ts'
import { asEngineFault, sendSlice, type Addressee, type Jobs, type SliceAnswer } from './send-slice.ts'
import { slicesOf, type Slice } from './slices.ts'
import { coalesce } from './coalesce.ts'

/** Limit of slices that are marked and not yet settled: a crash leaves at most this many unconfirmed. */
const mostSlicesUnderWay = 8
/** Half of them are marked or settled together, or fewer if no more arrive within 5 ms. */
const gathering = { lingerMs: 5, enough: mostSlicesUnderWay / 2 }
/** Longest pause between two tries of a call. A call gives up if its next try would start after the deadline. */
export const longestPauseMs = 30_000
const outages: ReadonlySet<string> = new Set<TroubleCode>([
  'unreachable',
  'dns',
  'connection-reset',
  'timeout',
  'tls',
  'server-error',
  'rate-limited',
  'not-json',
])
/** After this many slices in a row without a clear answer the Target counts as down: do not wait for the rest. */
const troubledSlicesInARow = 3

/** Lines of a Plan: those after `after`, up to `upTo`. */
export interface Stretch {
  readonly after: number
  readonly upTo: number
}

export interface Delivery {
  readonly database: Pool
  readonly lease: RunLease
  readonly client: HttpClient
  readonly addressee: Addressee
  readonly exchanges: ExchangeKeeper
  readonly reads: ReadBudget
  readonly stop: AbortSignal
  readonly deadline: number
  readonly now: () => number
  /** The lines to deliver. */
  readonly stretch: Stretch
  /** Share of rejections that stops the Run. */
  readonly failureLimit: Limit
  readonly onAnswers: (answers: number, failed: number) => void
}

/** Why delivery ended: everything was sent, or something stopped it early. */
export type DeliveryEnd =
  | { readonly how: 'done' }
  | { readonly how: 'cancelled' | 'time-limit' }
  | { readonly how: 'trouble' | 'limit-exhausted' | 'run-deferred' | 'fault' | 'guarded'; readonly fault: Fault }

/**
 * Delivers and settles. Slices are sent as soon as the client has capacity. Each is marked before it is sent and
 * settled when it is answered, so calls never wait for bookkeeping. Returns when every slice that was started is
 * settled.
 */
export async function deliver(delivery: Delivery): Promise<DeliveryEnd> {
  if (delivery.addressee.object.group === undefined) await forgetOtherNames(delivery.database, delivery.lease)
  const underWay = new Set<Promise<void>>()
  let end: DeliveryEnd | undefined
  let troubled = 0
  const tally = { reported: 0, failed: 0, clear: 0, rejected: 0 }
  let silent: Fault | undefined
  const mark = coalesce<Batch, number>(gathering, (batches) => markBatches(delivery.database, delivery.lease, batches))
  const settle = coalesce<SettledBatch, void>(gathering, (batches) =>
    settleBatches(delivery.database, delivery.lease, batches),
  )

  const pass = async (slice: Slice): Promise<void> => {
    try {
      const read = await readBefore(slice, delivery.addressee, delivery.reads)
      const batch: Batch = {
        kind: slice.kind,
        ordinals: slice.operations.map(({ ordinal }) => ordinal),
        read: read.read,
      }
      const markedAt = read.open.operations.length > 0 ? await mark(batch) : null
      const watch = delivery.exchanges.watch(delivery.addressee.io)
      const answer = await sendOpen(
        read,
        watch === undefined ? delivery.addressee : { ...delivery.addressee, io: watch.io },
        {
          ticketFor: (handed) => openTicket(delivery.database, delivery.lease, batch.ordinals[0] ?? 0, handed),
          collects: false,
        },
      )
      // A batch at work stays marked: a later Run collects the results.
      const outcomes = answer.outcomes.filter(({ ordinal }) => !answer.atWork.has(ordinal))
      await settle({ batch, lines: slice.operations, markedAt, outcomes, isAtWork: answer.atWork.size > 0 })
      if (watch !== undefined) await keepExchanges(delivery.database, delivery.lease, watch.pick(slice, outcomes))
      count(answer, tally)
      delivery.onAnswers(tally.reported, tally.failed)
      if (answer.outcomes.some(isOutage)) silent = troubleOf(answer)
      troubled = unanswered(answer) ? troubled + 1 : 0
      end ??=
        endedCalls(delivery, answer) ??
        usedUp(delivery, answer) ??
        judge(answer, troubled) ??
        judgeShare(delivery, tally)
    } catch (error) {
      end ??= { how: 'fault', fault: asEngineFault(error) }
    }
  }

  try {
    for await (const slice of slicesOf(
      readOperations(delivery.database, delivery.lease.runId, {
        after: delivery.stretch.after,
        lines: delivery.stretch.upTo,
        pageSize: 2000,
        kinds: writingKinds,
      }),
      delivery.addressee.object.batch.max,
    )) {
      while (underWay.size >= mostSlicesUnderWay) await Promise.race(underWay)
      await delivery.client.hasCapacity()
      if (end === undefined && delivery.stop.aborted) end = { how: 'cancelled' }
      if (end === undefined && delivery.now() >= delivery.deadline) end = { how: 'time-limit' }
      if (end !== undefined) break
      const passing = pass(slice).finally(() => underWay.delete(passing))
      underWay.add(passing)
    }
  } finally {
    // Also when the plan cannot be read on: what is under way is marked, sent and settled by itself, and is booked only once.
    await Promise.all(underWay)
  }
  return end ?? cutShort(delivery, tally, silent) ?? { how: 'done' }
}

/** Records by answer: all, all that failed, all with a clear answer (including rejections), and all rejected. */
interface Tally {
  reported: number
  failed: number
  clear: number
  rejected: number
}

function count({ outcomes }: SliceAnswer, tally: Tally): void {
  tally.reported += outcomes.length
  for (const each of outcomes) {
    const {
      outcome: { status },
    } = each
    if (!isUnclear(each)) tally.clear += 1
    if (status !== 'delivered' && status !== 'in-place') tally.failed += 1
    if (status === 'rejected') tally.rejected += 1
  }
}

/**
 * Everything was sent, but delivery still ended early: calls ran into the time limit, or no Record got a clear answer.
 */
function cutShort(
  { now, deadline }: Delivery,
  { reported, clear }: Tally,
  silent: Fault | undefined,
): DeliveryEnd | undefined {
  if (silent === undefined) return undefined
  if (now() >= deadline - longestPauseMs) return { how: 'time-limit' }
  // One or two lost answers are not an outage. These Records are unconfirmed or on hold; all others are settled.
  return reported >= troubledSlicesInARow && clear === 0 ? { how: 'trouble', fault: silent } : undefined
}

async function sendOpen({ open, outcomes, fault }: ReadBefore, addressee: Addressee, jobs: Jobs): Promise<SliceAnswer> {
  if (open.operations.length === 0) return { outcomes, fault, atWork: new Set() }
  const sent = await sendSlice(open, addressee, jobs)
  return { ...sent, outcomes: [...outcomes, ...sent.outcomes] }
}

function unanswered(answer: SliceAnswer): boolean {
  return answer.outcomes.every(isUnclear)
}

function isUnclear({ outcome: { status } }: SliceAnswer['outcomes'][number]): boolean {
  return status === 'on-hold' || status === 'unconfirmed'
}

/** The failure is not about this Record: the call got no answer, or the Target reported an outage. */
function isOutage(each: SliceAnswer['outcomes'][number]): boolean {
  return isUnclear(each) && 'code' in each.outcome && outages.has(each.outcome.code)
}

/** After a stop or the deadline, a missing answer is due to that. It does not mean that the Target is down. */
function endedCalls({ stop, now, deadline }: Delivery, { outcomes }: SliceAnswer): DeliveryEnd | undefined {
  if (!outcomes.some(({ outcome }) => outcome.status === 'on-hold' || outcome.status === 'unconfirmed'))
    return undefined
  if (stop.aborted) return { how: 'cancelled' }
  return now() >= deadline ? { how: 'time-limit' } : undefined
}

/** Calls were not made because a limit of the Target is used up for longer than a Run waits. */
function usedUp({ client: { exhausted } }: Delivery, { outcomes }: SliceAnswer): DeliveryEnd | undefined {
  return exhausted !== undefined && outcomes.some(isUnclear)
    ? { how: 'limit-exhausted', fault: limitExhausted(exhausted) }
    : undefined
}

function judge(
  { fault, outcomes }: Pick<SliceAnswer, 'fault' | 'outcomes'>,
  troubledInARow: number,
): DeliveryEnd | undefined {
  if (fault !== undefined && fault.kind !== 'transient')
    return fault.kind === 'cancelled' ? { how: 'cancelled' } : { how: 'fault', fault }
  return troubledInARow < troubledSlicesInARow ? undefined : { how: 'trouble', fault: troubleOf({ fault, outcomes }) }
}

function troubleOf({ fault, outcomes }: Pick<SliceAnswer, 'fault' | 'outcomes'>): Fault {
  const last = outcomes.findLast(isUnclear)?.outcome
  const words = last !== undefined && 'message' in last ? last.message : 'The Target does not answer.'
  return fault ?? new Fault('transient', words, { code: 'target-down' })
}

/** Only rejections count against the failure limit. A Target that does not answer is an outage. */
function judgeShare({ failureLimit }: Delivery, { clear, rejected }: Tally): DeliveryEnd | undefined {
  const violation = judgeFailures(clear, rejected, failureLimit)
  return violation && { how: 'guarded', fault: guardFault([violation], 'stopped') }
}
