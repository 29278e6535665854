import { setTimeout as delay } from 'node:timers/promises'
import { askBudget, mayGoAt, mustAskAt, pace, startPacing, type Pacing, type PacingEvent, type PacingRules } from './limits/pacing.ts'
import { permitsAt } from './limits/budget-lease.ts'
import type { RateBudget } from './shared-budget/rate-budget.ts'

/** Something that waits for its turn. `start` is called once per turn, synchronously. */
export interface Paced {
  /** The epoch of the pacing at the start: hand it back with the event that ends the turn. */
  start(sentAt: number, epoch: number): void
  /** It will get no turn, and why. */
  expire(why: NoTurn): void
}

/**
 * - `no-room`: the rate limit left no room before the last turn was due;
 * - `no-time`: calls in flight took all turns until then;
 * - `no-budget`: the budget cannot be asked, and what it says.
 */
export type NoTurn = { readonly is: 'no-room' | 'no-time' } | { readonly is: 'no-budget'; readonly error: unknown }

export interface Pacer {
  /** To the end of the queue, or to its head: what had a turn before goes before what had none. */
  add(item: Paced, where: 'end' | 'head'): void
  /** A turn has ended. */
  end(event: Extract<PacingEvent, { type: 'answered' | 'limited' | 'lost' }>): void
  /** Empties the queue. Turns that have begun go on. */
  clear(): readonly Paced[]
  /** From now on every turn takes a permit from this budget. */
  share(budget: RateBudget): void
  /** So many turns are yet to come, those in the queue among them: who knows that can be given all at once, or an even pace. */
  expect(turns: number): void
  /** No turn begins at this time or later, and whatever waits then expires. Only an earlier time than the one known counts. */
  endBy(at: number): void
  /** May what had its turn still leave? A process that was frozen in between may have lost its permits to others. */
  mayLeave(): boolean
  /** Gives back what is left of the budget. Nothing may be added after it. */
  leave(): Promise<void>
  readonly state: Pacing
}

export interface PacerOptions {
  readonly rules: PacingRules
  /** Share of the limit left to the customer's other apps. */
  readonly reserve: number
  now(): number
  /** No turn begins then or later. */
  readonly deadline: number
}

/** Who waits for permits is told after so many failures in a row to ask for them. */
const mostFailures = 3
const retryMs = 100
/** A control database that takes longer to answer is what holds things up. */
const silenceMs = 1_000
/** Who leaves waits this long for it; what is not given back by then comes back by time. */
const leaveMs = 2_000
/** No timer of Node's is longer. */
const longestTimerMs = 2 ** 31 - 1

/** A first-in first-out queue in front of the pure pacing, with one timer for it all. */
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

  /** Asks ahead of need, beside the requests: those never wait for the database while there are permits. */
  const consult = (): void => {
    const { lease } = state
    if (budget === undefined || lease === undefined || left) return
    const at = now()
    const queued = { waiting: waiting(), expected }
    if (mustAskAt(state, queued) > at) return
    const begun = askBudget(state, lease, queued, at)
    state = begun.state
    const { active } = begun.askBudget
    asking = budget.lease({ ...begun.askBudget, reserve }).then((grant) => {
      failures = 0
      state = pace(state, { type: 'granted', at: now(), active, grant })
      pump()
    }, (error: unknown) => {
      failures += 1
      state = pace(state, { type: 'ask-failed', retryAt: now() + retryMs * failures })
      if (failures >= mostFailures) for (const item of clear()) item.expire({ is: 'no-budget', error })
      pump()
    })
  }

  /** What keeps the queue waiting now: the budget, where it has been asked and says nothing, the rate limit, or calls in flight. */
  const reasonAt = (at: number): NoTurn => {
    const { lease } = state
    const starved = lease !== undefined && permitsAt(lease, at) < 1
    const silentMs = starved && lease.asking ? at - lease.askedAt : 0
    if (silentMs >= silenceMs) return { is: 'no-budget', error: new Error(`it has not answered for ${Math.round(silentMs / 1000)} s`) }
    return { is: starved || mayGoAt({ ...state, inFlight: 0, fresh: 0 }, at) > at ? 'no-room' : 'no-time' }
  }

  /** Infinity needs no timer: some answer is due, and it pumps. */
  const wait = (): void => {
    const at = now()
    if (head < queue.length && at >= lastTurn) {
      const why = reasonAt(at)
      for (const item of clear()) item.expire(why)
      return wait()
    }
    // Nothing that waits hangs on one event alone: it looks again every second.
    const goes = head < queue.length ? Math.min(mayGoAt(state, at), lastTurn, at + 1000) : Infinity
    const wakes = left ? Infinity : Math.min(goes, mustAskAt(state, { waiting: waiting(), expected }))
    if (wakes === wakesAt || (wakesAt > at && wakesAt < wakes && wakes === at + 1000)) return
    clearTimeout(timer)
    wakesAt = wakes
    if (wakes === Infinity) return
    timer = setTimeout(() => {
      wakesAt = Infinity
      pump()
    }, Math.min(longestTimerMs, Math.max(0, wakes - at)))
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
