import type { Pool } from 'pg'
import { putAnsweredAsk, putRateAsk, replaceRateLedger, type RateState } from '../../store/project/rate-ledgers.ts'
import {
  answerAsks,
  answerTo,
  type Answered,
  type AskOf,
  type BudgetRule,
  type HolderLedger,
  type PutAsk,
} from '../limits/budget-asks.ts'

/**
 * One rate limit that all clients of a Target account share. A client asks before it needs permits, one ask at a time.
 */
export interface RateBudget<Ask, Grant> {
  /** `leaves`: this is the client's last ask. */
  lease(ask: Ask): Promise<Grant>
}

/**
 * A client that replaces the ledger answers all asks it has read, so an ask is answered at its second turn at the
 * latest.
 */
const mostTurns = 20

/** For this long a client relies on the state that it read last. */
const freshMs = 2_000

/**
 * The budget of one limit of an account (`intercom/abc123/requests`), in the control database, for all Runs of all
 * processes. It uses optimistic concurrency, no lock: if two clients answer at once, the later write fails, and finds its
 * ask answered by the other. A client that was alone a moment ago asks and answers in one message. If another client came
 * meanwhile, that write fails as well and leaves the ask to be answered, so it delays the other one by one turn at most.
 * `before`: the state as it was read just now.
 */
export function sharedBudget<Ask extends AskOf, Grant, Ledger extends HolderLedger>(
  rule: BudgetRule<Ask, Grant, Ledger>,
  pool: Pool,
  place: string,
  holder: string,
  before?: RateState,
): RateBudget<Ask, Grant> {
  let seq = 0
  let last = before && { state: before, readAt: performance.now() }
  const ledgerIn = ({ ledger }: Pick<RateState, 'ledger'>): Answered<Ledger, Grant> | undefined =>
    (ledger as Answered<Ledger, Grant> | null) ?? undefined
  /** Whether no other client shares the budget, or has asked for a share. */
  const isAlone = (state: RateState): boolean => {
    const others = [...Object.keys(ledgerIn(state)?.holders ?? {}), ...state.asks.map((put) => put.holder)]
    return others.every((name) => name === holder)
  }

  const ask = async (asked: Ask): Promise<RateState> => {
    const own = { holder, seq, ask: asked }
    const sinceMs = performance.now() - (last?.readAt ?? -Infinity)
    if (last === undefined || sinceMs > freshMs || !isAlone(last.state)) return await putRateAsk(pool, place, own)
    const { version, nowMs, tookMs, ...known } = last.state
    const now = nowMs + sinceMs
    // The database's clock may show a time later by as long as the read took. What the ask reports must not end early.
    const { ledger } = answerAsks(rule, ledgerIn(known), [{ ...own, ageMs: -tookMs }], now)
    return await putAnsweredAsk(pool, place, own, { version, nowMs: now }, ledger)
  }

  return {
    async lease(asked) {
      seq += 1
      let state = await ask(asked)
      last = undefined
      for (let turn = 0; turn < mostTurns; turn += 1) {
        const grant = answerTo(ledgerIn(state), holder, seq)
        if (grant !== undefined) {
          last = { state, readAt: performance.now() }
          return grant
        }
        // The ask was answered, and this holder and its ask were removed from the ledger.
        if (asked.leaves === true && !state.asks.some((put) => put.holder === holder)) return rule.nothing
        const { ledger, gone } = answerAsks(rule, ledgerIn(state), state.asks as readonly PutAsk<Ask>[], state.nowMs)
        state = await replaceRateLedger(pool, place, state.version, ledger, gone)
      }
      throw new Error(`others changed the rate budget of ${place} ${mostTurns} times while it was asked`)
    },
  }
}
