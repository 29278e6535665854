import { setTimeout as delay } from 'node:timers/promises'
import type { HttpRequest } from '../connect/io.ts'
import type { RateLimit } from '../connect/rate-limit.ts'
import { limitLane, type LimitLane } from './limit-lane.ts'
import { backoffMs, type Backoff } from './limits/backoff.ts'
import {
  afterBusyAnswer,
  afterGoodAnswer,
  leavePlace,
  occupyPlace,
  placeFreeAt,
  startConcurrency,
} from './limits/concurrency.ts'
import type { Queued } from './limits/pacing.ts'
import type { ReportedLimitUse } from './reported-limits.ts'
import type { LimitBudgets } from './shared-budget/limit-budgets.ts'
import { turnQueue, type TurnQueue } from './turn-queue.ts'

/** An item that waits for its turn in every limit that applies to its request. */
export interface Paced {
  readonly request: HttpRequest
  /** Called synchronously, once per turn. Pass the turn back when it ends. */
  start(turn: Turn): void
  /** The item gets no turn, for this reason. */
  expire(why: NoTurn): void
}

export interface Turn {
  readonly sentAt: number
  readonly lanes: readonly { readonly lane: LimitLane; readonly epoch: number }[]
}

/** A limit that allows no request before this time, in epoch milliseconds. */
export interface ExhaustedLimit {
  readonly limit: string
  readonly until: number
}

/**
 * - `no-room`: a rate limit left no room before the deadline;
 * - `no-time`: calls in flight used all turns until the deadline;
 * - `exhausted`: a limit is used up for longer than a Run waits;
 * - `no-budget`: a shared budget does not answer, with its error.
 */
export type NoTurn =
  | { readonly is: 'no-room' | 'no-time' }
  | ({ readonly is: 'exhausted' } & ExhaustedLimit)
  | { readonly is: 'no-budget'; readonly error: unknown }

/**
 * How a turn ended. `limit`: the name of the limit that the answer concerns; without it, or with an unknown one, the first
 * that applies.
 */
export type TurnResult = { readonly at: number; readonly headers?: Readonly<Record<string, string>> } & (
  | { readonly is: 'answered' | 'lost' | 'not-sent' }
  | { readonly is: 'limited' | 'exhausted' | 'busy'; readonly limit: string | undefined; readonly afterMs: number }
)

export interface Pacer {
  /** Adds to the end of the queue, or to its head: an item that already had a turn goes before new items. */
  add(item: Paced, where: 'end' | 'head'): void
  /** A turn has ended. */
  end(turn: Turn, result: TurnResult): void
  /** Empties the queue and returns its items. Turns that have begun continue. */
  clear(): readonly Paced[]
  /** From now on every turn takes a permit from the budget of each limit. */
  share(budgets: LimitBudgets): void
  /** Number of turns still to come, queued ones included. They go at once if they fit into the window, else evenly. */
  expect(turns: number): void
  /** No turn begins at or after this time, and items that still wait then expire. Only shortens the known deadline. */
  endBy(at: number): void
  /**
   * Whether an item that had its turn may still be sent. A process that was frozen may have lost its permits to others.
   */
  mayLeave(): boolean
  /** Returns the rest of the budgets. Nothing may be added afterwards. */
  leave(): Promise<void>
  /** The limits that replies reported so far, in the order of the policy. */
  reported(): readonly ReportedLimitUse[]
  /** The limit over which items expired. */
  readonly exhausted: ExhaustedLimit | undefined
}

export interface PacerOptions {
  readonly limits: readonly RateLimit[]
  /** Maximum number of turns at the same time. */
  readonly concurrency: number
  readonly backoff: Backoff
  now(): number
  /** In [0, 1). */
  random(): number
  /** No turn begins at or after this time, in epoch milliseconds. */
  readonly deadline: number
}

/** A Run waits this long for a limit that is used up. */
const patientMs = 60_000
/** A limit that is used up for an unknown time is tried again after this. */
const unknownReturnMs = 15 * 60_000
/** Longest wait for the return of permits. Permits that are not returned expire by themselves. */
const leaveMs = 2_000
/** Node's longest timer. */
const longestTimerMs = 2 ** 31 - 1

/** FIFO queues in front of the pure rules of the limits, with one timer. */
export function createPacer({ limits, concurrency, backoff, now, random, deadline }: PacerOptions): Pacer {
  const lanes = limits.map((limit) => limitLane(limit, { concurrency, backoff, now }))
  const queues = new Map<string, TurnQueue<Paced>>()
  const places = { first: 0, last: 0 }
  let slots = startConcurrency(concurrency)
  let timer: NodeJS.Timeout | undefined
  let wakesAt = Infinity
  let expected = 0
  let left = false
  let lastTurn = deadline
  let exhausted: ExhaustedLimit | undefined

  const queueOf = (request: HttpRequest): TurnQueue<Paced> => {
    const applying = lanes.filter((lane) => lane.appliesTo(request))
    const name = applying.map((lane) => lanes.indexOf(lane)).join(' ')
    const queue = queues.get(name) ?? turnQueue<Paced>(applying, places)
    queues.set(name, queue)
    return queue
  }
  const waitingQueues = (): readonly TurnQueue<Paced>[] => [...queues.values()].filter(({ size }) => size > 0)

  /** Expected calls are known in total only, so they count for limits that apply to every call. */
  const queuedIn = (lane: LimitLane): Queued => ({
    waiting: [...queues.values()].reduce((sum, queue) => sum + (queue.lanes.includes(lane) ? queue.size : 0), 0),
    expected: lane.limit.applies === undefined ? expected : 0,
  })
  const goesAt = (queue: TurnQueue<Paced>, at: number): number =>
    queue.lanes.reduce((latest, lane) => Math.max(latest, lane.goesAt(at)), placeFreeAt(slots))

  const clear = (): Paced[] => {
    expected = 0
    return waitingQueues()
      .map((queue) => ({ place: queue.firstPlace, items: queue.clear() }))
      .toSorted((a, b) => a.place - b.place)
      .flatMap(({ items }) => items)
  }

  const pump = (): void => {
    for (;;) {
      const at = now()
      if (at >= lastTurn) break
      const next = waitingQueues()
        .filter((queue) => goesAt(queue, at) <= at)
        .reduce<TurnQueue<Paced> | undefined>(
          (first, queue) => (first !== undefined && first.firstPlace < queue.firstPlace ? first : queue),
          undefined,
        )
      if (next === undefined) break
      slots = occupyPlace(slots)
      const begun = next.lanes.map((lane) => ({ lane, epoch: lane.begin(at) }))
      expected = Math.max(0, expected - 1)
      next.take()?.start({ sentAt: at, lanes: begun })
    }
    consult()
    wait()
  }

  /** Asks for permits early and in parallel: while there are permits, requests never wait for the database. */
  const consult = (): void => {
    for (const lane of lanes)
      lane.consult(queuedIn(lane), (error) => {
        if (error !== undefined)
          for (const queue of waitingQueues())
            if (queue.lanes.includes(lane)) for (const item of queue.clear()) item.expire({ is: 'no-budget', error })
        pump()
      })
  }

  /** Why a queue waits now: a budget was asked and does not answer, a rate limit, or calls in flight. */
  const reasonAt = (queue: TurnQueue<Paced>, at: number): NoTurn => {
    const reasons = queue.lanes.flatMap((lane) => lane.waitsFor(at) ?? [])
    return reasons.find(({ is }) => is === 'no-budget') ?? reasons[0] ?? { is: 'no-time' }
  }

  /** Items of a limit that is used up for longer than a Run waits do not wait. */
  const giveUp = (at: number): void => {
    for (const queue of waitingQueues())
      for (const lane of queue.lanes) {
        const until = lane.returnsAt(at)
        if (until === undefined || until - at <= patientMs) continue
        exhausted = { limit: lane.limit.name, until }
        for (const item of queue.clear()) item.expire({ is: 'exhausted', ...exhausted })
      }
  }

  /** Infinity needs no timer: a pending answer calls `pump`. */
  const wait = (): void => {
    const at = now()
    giveUp(at)
    if (at >= lastTurn)
      for (const queue of waitingQueues()) {
        const why = reasonAt(queue, at)
        for (const item of queue.clear()) item.expire(why)
      }
    // Checked again every second, so that waiting items never depend on one event.
    const goes = waitingQueues().reduce(
      (first, queue) => Math.min(first, goesAt(queue, at), lastTurn, at + 1000),
      Infinity,
    )
    const wakes = left ? Infinity : lanes.reduce((first, lane) => Math.min(first, lane.mustAskAt(queuedIn(lane))), goes)
    if (wakes === wakesAt || (wakesAt > at && wakesAt < wakes && wakes === at + 1000)) return
    clearTimeout(timer)
    wakesAt = wakes
    if (wakes === Infinity) return
    timer = setTimeout(
      () => {
        wakesAt = Infinity
        pump()
      },
      Math.min(longestTimerMs, Math.max(0, wakes - at)),
    )
  }

  return {
    add(item, where) {
      queueOf(item.request).add(item, where)
      pump()
    },
    end({ sentAt, lanes: begun }, result) {
      const { at } = result
      slots = leavePlace(slots)
      const named = 'limit' in result ? begun.findIndex(({ lane }) => lane.limit.name === result.limit) : -1
      for (const [index, { lane, epoch }] of begun.entries()) {
        const concerns = index === Math.max(0, named)
        const how = howItEnded(result, concerns)
        const afterMs = concerns && result.is === 'limited' ? result.afterMs : 0
        lane.end({ at, sentAt, epoch, how, afterMs, random: random() }, result.headers)
        if (result.is === 'exhausted' && concerns) lane.exhaust(at + (result.afterMs || returnsIn(lane, at)))
      }
      if (result.is === 'answered') slots = afterGoodAnswer(slots, sentAt)
      // A vendor without known limits that rejects calls over one is busy.
      if (result.is === 'busy' || ((result.is === 'limited' || result.is === 'exhausted') && begun.length === 0)) {
        const pauseMs = Math.max(result.afterMs, backoffMs(backoff, slots.pauses, random()))
        slots = afterBusyAnswer(slots, { at, sentAt, pauseMs })
      }
      pump()
    },
    clear() {
      const items = clear()
      wait()
      return items
    },
    share(budgets) {
      const at = now()
      for (const lane of lanes) lane.share(budgets, at)
      pump()
    },
    expect(turns) {
      expected = turns
      pump()
    },
    endBy(at) {
      lastTurn = Math.min(lastTurn, at)
      wait()
    },
    mayLeave() {
      const at = now()
      return lanes.every((lane) => lane.mayLeave(at))
    },
    async leave() {
      left = true
      wait()
      const given = new AbortController()
      const { signal } = given
      await Promise.race([
        Promise.all(lanes.map((lane) => lane.leave())),
        delay(leaveMs, undefined, { signal }),
      ]).finally(() => given.abort())
    },
    reported: () =>
      lanes.flatMap(({ limit: { name, perMs }, reported }) =>
        reported === undefined ? [] : [{ name, perMs, ...reported }],
      ),
    get exhausted() {
      return exhausted
    },
  }
}

/** How the turn ended for one of its limits. `concerns`: the answer is about this limit. */
function howItEnded({ is }: TurnResult, concerns: boolean): 'answered' | 'limited' | 'lost' | 'not-sent' {
  if (is === 'limited') return concerns ? 'limited' : 'lost'
  return is === 'exhausted' || is === 'busy' ? 'lost' : is
}

/** Milliseconds until a limit that is used up returns, if the answer does not say. */
function returnsIn({ limit, reported }: LimitLane, at: number): number {
  const resetsAt = reported?.resetsAt ?? limit.resetsAt?.(at)
  if (resetsAt !== undefined && resetsAt > at) return resetsAt - at
  return Math.min(limit.perMs, unknownReturnMs)
}
