import type { HttpRequest } from '../connect/io.ts'
import type { RateLimit } from '../connect/rate-limit.ts'
import type { Backoff } from './limits/backoff.ts'
import type { AskOf } from './limits/budget-asks.ts'
import type { Discipline, LimitFigures, TurnEnd } from './limits/discipline.ts'
import type { Queued } from './limits/pacing.ts'
import { slotDiscipline } from './limits/slot-discipline.ts'
import { windowDiscipline } from './limits/window-discipline.ts'
import { figureReader } from './reported-figures.ts'
import type { LimitBudgets } from './shared-budget/limit-budgets.ts'
import type { RateBudget } from './shared-budget/rate-budget.ts'

/** One limit of the vendor, with the requests that take their turn in it. */
export interface LimitLane {
  readonly limit: RateLimit
  appliesTo(request: HttpRequest): boolean
  /** Time from which a request may go. Now or earlier: at once. Infinity: only after another answer or permit. */
  goesAt(now: number): number
  /** A turn begins. Returns its epoch, which ends it. */
  begin(at: number): number
  end(end: Omit<TurnEnd, 'reported'>, headers: Readonly<Record<string, string>> | undefined): void
  /** The vendor says that the limit is used up until this time. */
  exhaust(until: number): void
  /** When the limit allows a request again, if it is used up until then. */
  returnsAt(now: number): number | undefined
  /** From now on every turn takes a permit from the budget of this limit. */
  share(budgets: LimitBudgets, at: number): void
  /** Asks for permits, if it is time. `onAnswer` follows; with an error if the budget failed several times in a row. */
  consult(queued: Queued, onAnswer: (error?: unknown) => void): void
  mustAskAt(queued: Queued): number
  /** Why a request waits: the budget does not answer, there is no permit or no room; undefined if it need not wait. */
  waitsFor(now: number): { readonly is: 'no-room' } | { readonly is: 'no-budget'; readonly error: Error } | undefined
  /** False if permits expired while this process was frozen. */
  mayLeave(now: number): boolean
  /** Returns the rest of the budget. */
  leave(): Promise<void>
  /** The limit as replies reported it; undefined before. */
  readonly reported: LimitFigures | undefined
}

export interface LaneOptions {
  readonly concurrency: number
  readonly backoff: Backoff
  now(): number
}

/** After this many failed asks in a row, the waiting items expire with `no-budget`. */
const mostFailures = 3
const retryMs = 100
/** If the control database takes longer to answer, the control database is the reason for the wait. */
const silenceMs = 1_000
/** Processes on one account do not probe a new window at once. */
const spreadMs = 50

export function limitLane(limit: RateLimit, options: LaneOptions): LimitLane {
  const { perMs, requests, reserve = 0 } = limit
  const { concurrency, backoff } = options
  if (limit.kind === 'fixed window')
    return laneOf(
      limit,
      windowDiscipline({ windowMs: perMs, assumed: requests, concurrency, backoff, spreadMs }, reserve),
      (budgets) => budgets.window(limit),
      options,
    )
  const rules = { perMs, requests, reserve, kind: limit.kind }
  return laneOf(
    limit,
    slotDiscipline(rules, concurrency, backoff, limit.resetsAt?.bind(limit)),
    (budgets) => budgets.slots(limit),
    options,
  )
}

function laneOf<State, Ask extends AskOf, Grant>(
  limit: RateLimit,
  rules: Discipline<State, Ask, Grant>,
  budgetOf: (budgets: LimitBudgets) => RateBudget<Ask, Grant>,
  { now }: LaneOptions,
): LimitLane {
  const read = figureReader(limit)
  let state = rules.start()
  let budget: RateBudget<Ask, Grant> | undefined
  let asking = Promise.resolve()
  let failures = 0
  let left = false
  let isReported = false
  let hasAsked = false
  let exhaustedUntil = 0

  return {
    limit,
    appliesTo: (request) => limit.applies?.(request) ?? true,
    goesAt: (at) => rules.goesAt(state, at),
    begin(at) {
      const epoch = rules.epochOf(state)
      state = rules.sent(state, at)
      return epoch
    },
    end(end, headers) {
      const reported = headers && read(headers)
      if (reported !== undefined) isReported = true
      // A failure that shows how the limit stands is as good as an answer.
      const how = end.how === 'lost' && reported !== undefined ? 'answered' : end.how
      state = rules.ended(state, { ...end, how, reported })
    },
    exhaust(until) {
      exhaustedUntil = Math.max(exhaustedUntil, until)
      state = rules.pausedUntil(state, until)
    },
    returnsAt(at) {
      const until = Math.max(exhaustedUntil, rules.returnsAt?.(state, at) ?? 0)
      return until > at ? until : undefined
    },
    share(budgets, at) {
      budget = budgetOf(budgets)
      state = rules.shared(state, at)
    },
    mustAskAt: (queued) => (left || budget === undefined ? Infinity : rules.mustAskAt(state, queued)),
    consult(queued, onAnswer) {
      const at = now()
      if (budget === undefined || left || rules.mustAskAt(state, queued) > at) return
      const begun = rules.ask(state, queued, at)
      state = begun.state
      hasAsked = true
      asking = budget.lease(begun.ask).then(
        (grant) => {
          failures = 0
          state = rules.granted(state, grant, begun.active, now())
          onAnswer()
        },
        (error: unknown) => {
          failures += 1
          state = rules.askFailed(state, now() + retryMs * failures)
          onAnswer(failures >= mostFailures ? error : undefined)
        },
      )
    },
    waitsFor(at) {
      const lease = rules.leaseOf(state, at)
      const starved = lease !== undefined && !lease.hasPermit
      const silentMs = starved && lease.asking ? at - lease.askedAt : 0
      if (silentMs >= silenceMs)
        return { is: 'no-budget', error: new Error(`it has not answered for ${Math.round(silentMs / 1000)} s`) }
      const at0 = rules.goesAt(state, at)
      return starved || (at0 > at && at0 < Infinity) ? { is: 'no-room' } : undefined
    },
    mayLeave: (at) => at < (rules.leaseOf(state, at)?.goodUntil ?? Infinity),
    async leave() {
      left = true
      await asking
      const lease = rules.leaseOf(state, now())
      // Also a holder that returned its permits while it was idle is still in the ledger.
      if (budget === undefined || lease === undefined || !hasAsked) return
      await budget.lease({ ...rules.ask(state, { waiting: 0, expected: 0 }, now()).ask, leaves: true })
    },
    get reported() {
      return isReported ? rules.figures(state, now()) : undefined
    },
  }
}
