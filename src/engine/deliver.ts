import type { Pool } from 'pg'
import { Fault } from '../model/fault.ts'
import { judgeFailures, type Limit } from '../sync/guard.ts'
import { readOperations, writingKinds } from '../store/operations.ts'
import { forgetOtherNames } from '../store/forget-other-names.ts'
import { keepExchanges } from '../store/exchanges.ts'
import { markBatches, settleBatches, type Batch, type Holder, type SettledBatch } from '../store/settle.ts'
import type { ExchangeKeeper } from './exchange-keeper.ts'
import { guardFault } from './guard-fault.ts'
import type { HttpClient } from './http-client.ts'
import { asFault, sendSlice, type Addressee, type Answer } from './send-slice.ts'
import { slicesOf, type Slice } from './slices.ts'
import { together } from './together.ts'

/** Slices marked and not yet settled, at most: what a crash can leave in doubt. */
const mostSlicesUnderWay = 8
/** Half of them are marked or settled at once; fewer, when no more come within 5 ms. */
const gathering = { lingerMs: 5, enough: mostSlicesUnderWay / 2 }
/** So many slices in a row without one answer for a Record: the Target is down, and waiting in each of the rest would not help. */
const troubledSlicesInARow = 3

/** Lines of a Plan: those after `after`, up to `upTo`. */
export interface Stretch {
  readonly after: number
  readonly upTo: number
}

export interface Delivery {
  readonly database: Pool
  readonly holder: Holder
  readonly client: HttpClient
  readonly addressee: Addressee
  readonly exchanges: ExchangeKeeper
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
  | { readonly how: 'trouble' | 'fault' | 'guarded'; readonly fault: Fault }

/**
 * Deliver and settle: slices go out as soon as the client has room, each marked in doubt before it is sent and settled when it is
 * answered, so that calls never wait for bookkeeping. Ends only when every slice that was started is settled.
 */
export async function deliver(delivery: Delivery): Promise<DeliveryEnd> {
  if (delivery.addressee.object.members === undefined) await forgetOtherNames(delivery.database, delivery.holder)
  const underWay = new Set<Promise<void>>()
  let end: DeliveryEnd | undefined
  let troubled = 0
  let answers = 0
  let failures = 0
  const mark = together<Batch>(gathering, (batches) => markBatches(delivery.database, delivery.holder, batches))
  const settle = together<SettledBatch>(gathering, (batches) => settleBatches(delivery.database, delivery.holder, batches))

  const pass = async (slice: Slice): Promise<void> => {
    const batch: Batch = { kind: slice.kind, ordinals: slice.operations.map(({ ordinal }) => ordinal) }
    try {
      await mark(batch)
      const watch = delivery.exchanges.watch(delivery.addressee.io)
      const answer = await sendSlice(slice, watch === undefined ? delivery.addressee : { ...delivery.addressee, io: watch.io })
      await settle({ batch, outcomes: answer.outcomes })
      if (watch !== undefined) await keepExchanges(delivery.database, delivery.holder, watch.pick(slice, answer.outcomes))
      answers += answer.outcomes.length
      failures += answer.outcomes.filter(({ outcome }) => outcome.status !== 'delivered' && outcome.status !== 'unchanged').length
      delivery.onAnswers(answers, failures)
      troubled = unanswered(answer) ? troubled + 1 : 0
      end ??= judge(answer, troubled) ?? judgeShare(delivery, answers, failures)
    } catch (error) {
      end ??= { how: 'fault', fault: asFault(error) }
    }
  }

  for await (const slice of slicesOf(readOperations(delivery.database, delivery.holder.runId, { after: delivery.stretch.after, lines: delivery.stretch.upTo, pageSize: 2000, kinds: writingKinds }), delivery.addressee.object.batch.max)) {
    while (underWay.size >= mostSlicesUnderWay) await Promise.race(underWay)
    await delivery.client.hungry()
    if (end === undefined && delivery.stop.aborted) end = { how: 'cancelled' }
    if (end === undefined && delivery.now() >= delivery.deadline) end = { how: 'time-limit' }
    if (end !== undefined) break
    const passing = pass(slice).finally(() => underWay.delete(passing))
    underWay.add(passing)
  }
  await Promise.all(underWay)
  return end ?? { how: 'done' }
}

function unanswered(answer: Answer): boolean {
  return answer.outcomes.every(({ outcome }) => outcome.status === 'deferred' || outcome.status === 'uncertain')
}

function judge({ fault, outcomes }: Answer, troubledInARow: number): DeliveryEnd | undefined {
  if (fault !== undefined && fault.kind !== 'transient') return fault.kind === 'cancelled' ? { how: 'cancelled' } : { how: 'fault', fault }
  if (troubledInARow < troubledSlicesInARow) return undefined
  const last = outcomes[outcomes.length - 1]?.outcome
  const words = last !== undefined && 'message' in last ? last.message : 'The Target does not answer.'
  return { how: 'trouble', fault: fault ?? new Fault('transient', words, { code: 'target-down' }) }
}

function judgeShare({ failureLimit }: Delivery, answers: number, failures: number): DeliveryEnd | undefined {
  const violation = judgeFailures(answers, failures, failureLimit)
  return violation && { how: 'guarded', fault: guardFault([violation]) }
}
