import type { Pool } from 'pg'
import { Fault } from '../../model/fault.ts'
import { judgeFailures, type Limit } from '../../rules/guardrails.ts'
import { readOperations, writingKinds } from '../../store/plans/operations.ts'
import { forgetOtherNames } from '../../store/snapshot/forget-other-names.ts'
import { keepExchanges } from '../../store/ledger/exchanges.ts'
import { markBatches, type Batch, type RunLease } from '../../store/snapshot/marks.ts'
import type { ExchangeKeeper } from './exchange-keeper.ts'
import { guardFault } from '../faults/guard-fault.ts'
import type { HttpClient } from '../../http/http-client.ts'
import type { TroubleCode } from '../../http/network-trouble.ts'
import { readBefore, type ReadBefore, type ReadBudget } from './read-before.ts'
import { settleBatches, type SettledBatch } from './settle-answers.ts'
import { asEngineFault, sendSlice, type Addressee, type SliceAnswer } from './send-slice.ts'
import { slicesOf, type Slice } from './slices.ts'
import { coalesce } from './coalesce.ts'

/** Slices marked and not yet settled, at most: what a crash can leave in doubt. */
const mostSlicesUnderWay = 8
/** Half of them are marked or settled at once; fewer, when no more come within 5 ms. */
const gathering = { lingerMs: 5, enough: mostSlicesUnderWay / 2 }
/** A call gives up where its next try would come after the deadline; pauses between tries are no longer than this. */
export const longestPauseMs = 30_000
const outages: ReadonlySet<string> = new Set<TroubleCode>(['unreachable', 'dns', 'connection-reset', 'timeout', 'tls', 'server-error', 'rate-limited', 'not-json'])
/** So many slices in a row without one answer for a Record: the Target is down, and waiting in each of the rest would not help. */
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
  /** Which lines of the Plan. */
  readonly stretch: Stretch
  /** Share of failures that stops the Run. */
  readonly failureLimit: Limit
  readonly onAnswers: (answers: number, failed: number) => void
}

/** Why delivery ended: everything was sent, or what cut it short. */
export type DeliveryEnd =
  | { readonly how: 'done' }
  | { readonly how: 'cancelled' | 'time-limit' }
  | { readonly how: 'trouble' | 'put-off' | 'fault' | 'guarded'; readonly fault: Fault }

/**
 * Deliver and settle: slices go out as soon as the client has room, each marked in doubt before it is sent and settled when it is
 * answered, so that calls never wait for bookkeeping. Ends only when every slice that was started is settled.
 */
export async function deliver(delivery: Delivery): Promise<DeliveryEnd> {
  if (delivery.addressee.object.group === undefined) await forgetOtherNames(delivery.database, delivery.lease)
  const underWay = new Set<Promise<void>>()
  let end: DeliveryEnd | undefined
  let troubled = 0
  const tally = { reported: 0, failed: 0, clear: 0, rejected: 0 }
  let silent: Fault | undefined
  const mark = coalesce<Batch, number>(gathering, (batches) => markBatches(delivery.database, delivery.lease, batches))
  const settle = coalesce<SettledBatch, void>(gathering, (batches) => settleBatches(delivery.database, delivery.lease, batches))

  const pass = async (slice: Slice): Promise<void> => {
    try {
      const read = await readBefore(slice, delivery.addressee, delivery.reads)
      const batch: Batch = { kind: slice.kind, ordinals: slice.operations.map(({ ordinal }) => ordinal), absent: read.absent }
      const markedAt = read.open.operations.length > 0 ? await mark(batch) : null
      const watch = delivery.exchanges.watch(delivery.addressee.io)
      const answer = await sendOpen(read, watch === undefined ? delivery.addressee : { ...delivery.addressee, io: watch.io })
      await settle({ batch, lines: slice.operations, markedAt, outcomes: answer.outcomes })
      if (watch !== undefined) await keepExchanges(delivery.database, delivery.lease, watch.pick(slice, answer.outcomes))
      count(answer, tally)
      delivery.onAnswers(tally.reported, tally.failed)
      if (answer.outcomes.some(isOutage)) silent = troubleOf(answer)
      troubled = unanswered(answer) ? troubled + 1 : 0
      end ??= endedCalls(delivery, answer) ?? judge(answer, troubled) ?? judgeShare(delivery, tally)
    } catch (error) {
      end ??= { how: 'fault', fault: asEngineFault(error) }
    }
  }

  for await (const slice of slicesOf(readOperations(delivery.database, delivery.lease.runId, { after: delivery.stretch.after, lines: delivery.stretch.upTo, pageSize: 2000, kinds: writingKinds }), delivery.addressee.object.batch.max)) {
    while (underWay.size >= mostSlicesUnderWay) await Promise.race(underWay)
    await delivery.client.hasCapacity()
    if (end === undefined && delivery.stop.aborted) end = { how: 'cancelled' }
    if (end === undefined && delivery.now() >= delivery.deadline) end = { how: 'time-limit' }
    if (end !== undefined) break
    const passing = pass(slice).finally(() => underWay.delete(passing))
    underWay.add(passing)
  }
  await Promise.all(underWay)
  return end ?? cutShort(delivery, tally, silent) ?? { how: 'done' }
}

/** Records by what was answered: in all, not well, clearly (also a no), and with a no. */
interface Tally {
  reported: number
  failed: number
  clear: number
  rejected: number
}

function count({ outcomes }: SliceAnswer, tally: Tally): void {
  tally.reported += outcomes.length
  for (const each of outcomes) {
    const { outcome: { status } } = each
    if (!isUnclear(each)) tally.clear += 1
    if (status !== 'delivered' && status !== 'in-place') tally.failed += 1
    if (status === 'rejected') tally.rejected += 1
  }
}

/** All was sent, and yet the Run was cut short: calls ran into its time limit, or the Target answered for no Record at all. */
function cutShort({ now, deadline }: Delivery, { reported, clear }: Tally, silent: Fault | undefined): DeliveryEnd | undefined {
  if (silent === undefined) return undefined
  if (now() >= deadline - longestPauseMs) return { how: 'time-limit' }
  // One or two lost answers are no outage: these Records are unconfirmed or on hold, and all else is as it should be.
  return reported >= troubledSlicesInARow && clear === 0 ? { how: 'trouble', fault: silent } : undefined
}

async function sendOpen({ open, outcomes, fault }: ReadBefore, addressee: Addressee): Promise<SliceAnswer> {
  if (open.operations.length === 0) return { outcomes, fault }
  const sent = await sendSlice(open, addressee)
  return { ...sent, outcomes: [...outcomes, ...sent.outcomes] }
}

function unanswered(answer: SliceAnswer): boolean {
  return answer.outcomes.every(isUnclear)
}

function isUnclear({ outcome: { status } }: SliceAnswer['outcomes'][number]): boolean {
  return status === 'on-hold' || status === 'unconfirmed'
}

/** Not about this Record: the call got no answer, or one that says that the Target has trouble. */
function isOutage(each: SliceAnswer['outcomes'][number]): boolean {
  return isUnclear(each) && 'code' in each.outcome && outages.has(each.outcome.code)
}

/** What has no answer once a stop or the deadline ended the calls has none because of that, not because the Target is down. */
function endedCalls({ stop, now, deadline }: Delivery, { outcomes }: SliceAnswer): DeliveryEnd | undefined {
  if (!outcomes.some(({ outcome }) => outcome.status === 'on-hold' || outcome.status === 'unconfirmed')) return undefined
  if (stop.aborted) return { how: 'cancelled' }
  return now() >= deadline ? { how: 'time-limit' } : undefined
}

function judge({ fault, outcomes }: SliceAnswer, troubledInARow: number): DeliveryEnd | undefined {
  if (fault !== undefined && fault.kind !== 'transient') return fault.kind === 'cancelled' ? { how: 'cancelled' } : { how: 'fault', fault }
  return troubledInARow < troubledSlicesInARow ? undefined : { how: 'trouble', fault: troubleOf({ fault, outcomes }) }
}

function troubleOf({ fault, outcomes }: SliceAnswer): Fault {
  const last = outcomes.findLast(isUnclear)?.outcome
  const words = last !== undefined && 'message' in last ? last.message : 'The Target does not answer.'
  return fault ?? new Fault('transient', words, { code: 'target-down' })
}

/** Only what the Target rejects speaks against the Plan. That it does not answer is an outage, and no guardrail's matter. */
function judgeShare({ failureLimit }: Delivery, { clear, rejected }: Tally): DeliveryEnd | undefined {
  const violation = judgeFailures(clear, rejected, failureLimit)
  return violation && { how: 'guarded', fault: guardFault([violation], 'stopped') }
}
