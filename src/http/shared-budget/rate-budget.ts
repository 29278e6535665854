import type { Pool } from 'pg'
import { putAnsweredAsk, putRateAsk, replaceRateLedger, type RateState } from '../../store/project/rate-ledgers.ts'
import { answerAsks, answerTo, type AnsweredLedger, type PutAsk } from '../limits/rate-asks.ts'
import type { RateAsk, RateGrant } from '../limits/rate-share.ts'

/**
 * The rate limit that all clients of one Target account share. A client asks before it needs permits, one ask at a
 * time.
 */
export interface RateBudget {
  lease(ask: RateAskOf): Promise<RateGrant>
}

/** An ask without the holder's name, which the budget adds. */
export type RateAskOf = Omit<RateAsk, 'holder'>

const nothing: RateGrant = { permits: 0, againMs: 0 }

/**
 * A client that replaces the ledger answers all asks it has read, so an ask is answered at its second turn at the
 * latest.
 */
const mostTurns = 20

/** For this long a client relies on the state that it read last. */
const freshMs = 2_000

/**
 * The budget of an account (`intercom/abc123`), in the control database, for all Runs of all processes. It uses
 * optimistic concurrency, no lock: if two clients answer at once, the later write fails, and finds its ask answered by
 * the other. A client that was alone a moment ago asks and answers in one message. If another client came meanwhile,
 * that write fails as well and leaves the ask to be answered, so it delays the other one by one turn at most.
 * `before`: the state as it was read just now.
 */
export function accountBudget(pool: Pool, account: string, holder: string, before?: RateState): RateBudget {
  let seq = 0
  let last = before && { state: before, readAt: performance.now() }

  const ask = async (asked: RateAskOf): Promise<RateState> => {
    const own = { holder, seq, ask: asked }
    const sinceMs = performance.now() - (last?.readAt ?? -Infinity)
    if (last === undefined || sinceMs > freshMs || !isAlone(last.state, holder))
      return await putRateAsk(pool, account, own)
    const { version, nowMs, ...known } = last.state
    const now = nowMs + sinceMs
    const { ledger } = answerAsks(ledgerIn(known), [{ ...own, ageMs: 0 }], now)
    return await putAnsweredAsk(pool, account, own, { version, nowMs: now }, ledger)
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
        if (asked.leaves === true && !state.asks.some((put) => put.holder === holder)) return nothing
        const { ledger, gone } = answerAsks(ledgerIn(state), state.asks as readonly PutAsk[], state.nowMs)
        state = await replaceRateLedger(pool, account, state.version, ledger, gone)
      }
      throw new Error(`others changed the rate budget of ${account} ${mostTurns} times while it was asked`)
    },
  }
}

/** Whether no other client shares the budget, or has asked for a share. */
function isAlone(state: RateState, holder: string): boolean {
  const others = [...Object.keys(ledgerIn(state)?.holders ?? {}), ...state.asks.map((put) => put.holder)]
  return others.every((name) => name === holder)
}

function ledgerIn({ ledger }: Pick<RateState, 'ledger'>): AnsweredLedger | undefined {
  return (ledger as AnsweredLedger | null) ?? undefined
}
