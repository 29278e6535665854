import { setTimeout as delay } from 'node:timers/promises'
import { askBudget, mayGoAt, mustAskAt, pace, startPacing } from './limits/pacing.ts'
import type { Pacing, PacingEvent, PacingRules } from './limits/pacing-state.ts'
import { permitsAt } from './limits/budget-lease.ts'
import type { RateBudget } from './shared-budget/rate-budget.ts'

/** An item that waits for its turn. `start` is called synchronously, once per turn. */
export interface Paced {
  /** `epoch` is the pacing's epoch at the start. Pass it back with the event that ends the turn. */
  start(sentAt: number, epoch: number): void
  /** The item gets no turn, for this reason. */
  expire(why: NoTurn): void
}

/**
 * - `no-room`: the rate limit left no room before the deadline;
 * - `no-time`: calls in flight used all turns until the deadline;
 * - `no-budget`: the shared budget does not answer, with its error.
 */
export type NoTurn = { readonly is: 'no-room' | 'no-time' } | { readonly is: 'no-budget'; readonly error: unknown }

export interface Pacer {
  /** Adds to the end of the queue, or to its head: an item that already had a turn goes before new items. */
  add(item: Paced, where: 'end' | 'head'): void
  /** A turn has ended. */
  end(event: Extract<PacingEvent, { type: 'answered' | 'limited' | 'lost' }>): void
  /** Empties the queue and returns its items. Turns that have begun continue. */
  clear(): readonly Paced[]
  /** From now on every turn takes a permit from this budget. */
  share(budget: RateBudget): void
  /** Number of turns still to come, queued ones included. They go at once if they fit into the window, else evenly. */
  expect(turns: number): void
  /** No turn begins at or after this time, and items that still wait then expire. Only shortens the known deadline. */
  endBy(at: number): void
  /**
   * Whether an item that had its turn may still be sent. A process that was frozen may have lost its permits to others.
   */
  mayLeave(): boolean
  /** Returns the rest of the budget. Nothing may be added afterwards. */
  leave(): Promise<void>
  readonly state: Pacing
}

export interface PacerOptions {
  readonly rules: PacingRules
  /** Share of the limit reserved for the customer's other apps. */
  readonly reserve: number
  now(): number
  /** No turn begins at or after this time, in epoch milliseconds. */
  readonly deadline: number
}

/** After this many failed asks in a row, the waiting items expire with `no-budget`. */
const mostFailures = 3
const retryMs = 100
/** If the control database takes longer to answer, the control database is the reason for the wait. */
const silenceMs = 1_000
/** Longest wait for the return of permits. Permits that are not returned expire by themselves. */
const leaveMs = 2_000
/** Node's longest timer. */
const longestTimerMs = 2 ** 31 - 1

/** A FIFO queue in front of the pure pacing, with one timer. */
export function createPacer({ rules, reserve, now, deadline }: PacerOptions): Pacer {
  let state = startPacing(rules)
  let queue: Paced[] = []
  let head = 0
  let timer: NodeJS.Timeout | undefined
  let wakesAt = Infinity
  let expected = 0
  let budget: RateBudget | undefined
  let asking = Promise.resolve()
  let failures = 0
  let left = false
  let lastTurn = deadline

  const waiting = (): number => queue.length - head

  const take = (): Paced | undefined => {
    const item = queue[head]
    head += 1
    if (head === queue.length) {
      queue = []
      head = 0
    } else if (head >= 1024) {
      queue = queue.slice(head)
      head = 0
    }
    return item
  }

  const clear = (): Paced[] => {
    const items = queue.slice(head)
    queue = []
    head = 0
    expected = 0
    return items
  }

  const pump = (): void => {
    while (head < queue.length) {
      const at = now()
      if (at >= lastTurn || mayGoAt(state, at) > at) break
      const { epoch } = state
      state = pace(state, { type: 'sent', at })
      expected = Math.max(0, expected - 1)
      take()?.start(at, epoch)
    }
    consult()
    wait()
  }

  /** Asks for permits early and in parallel: while there are permits, requests never wait for the database. */
  const consult = (): void => {
    const { lease } = state
    if (budget === undefined || lease === undefined || left) return
    const at = now()
    const queued = { waiting: waiting(), expected }
    if (mustAskAt(state, queued) > at) return
    const begun = askBudget(state, lease, queued, at)
    state = begun.state
    const { active } = begun.askBudget
    asking = budget.lease({ ...begun.askBudget, reserve }).then(
      (grant) => {
        failures = 0
        state = pace(state, { type: 'granted', at: now(), active, grant })
        pump()
      },
      (error: unknown) => {
        failures += 1
        state = pace(state, { type: 'ask-failed', retryAt: now() + retryMs * failures })
        if (failures >= mostFailures) for (const item of clear()) item.expire({ is: 'no-budget', error })
        pump()
      },
    )
  }

  /** Why the queue waits now: the budget was asked and does not answer, the rate limit, or calls in flight. */
  const reasonAt = (at: number): NoTurn => {
    const { lease } = state
    const starved = lease !== undefined && permitsAt(lease, at) < 1
    const silentMs = starved && lease.asking ? at - lease.askedAt : 0
    if (silentMs >= silenceMs)
      return { is: 'no-budget', error: new Error(`it has not answered for ${Math.round(silentMs / 1000)} s`) }
    return { is: starved || mayGoAt({ ...state, inFlight: 0, fresh: 0 }, at) > at ? 'no-room' : 'no-time' }
  }

  /** Infinity needs no timer: a pending answer calls `pump`. */
  const wait = (): void => {
    const at = now()
    if (head < queue.length && at >= lastTurn) {
      const why = reasonAt(at)
      for (const item of clear()) item.expire(why)
      return wait()
    }
    // Checked again every second, so that waiting items never depend on one event.
    const goes = head < queue.length ? Math.min(mayGoAt(state, at), lastTurn, at + 1000) : Infinity
    const wakes = left ? Infinity : Math.min(goes, mustAskAt(state, { waiting: waiting(), expected }))
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

  const giveBack = async (): Promise<void> => {
    await asking
    const { lease } = state
    if (budget === undefined || lease === undefined || lease.booked === 0) return
    const last = askBudget(state, lease, { waiting: 0, expected: 0 }, now())
    await budget.lease({ ...last.askBudget, reserve, leaves: true })
  }

  return {
    add(item, where) {
      if (where === 'end') queue.push(item)
      else if (head > 0) queue[--head] = item
      else queue.unshift(item)
      pump()
    },
    end(event) {
      state = pace(state, event)
      pump()
    },
    clear() {
      const items = clear()
      wait()
      return items
    },
    share(shared) {
      budget = shared
      state = pace(state, { type: 'shared', at: now() })
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
    mayLeave: () => state.lease === undefined || now() < state.lease.goodUntil,
    async leave() {
      left = true
      wait()
      const given = new AbortController()
      const { signal } = given
      await Promise.race([giveBack(), delay(leaveMs, undefined, { signal })]).finally(() => given.abort())
    },
    get state() {
      return state
    },
  }
}
