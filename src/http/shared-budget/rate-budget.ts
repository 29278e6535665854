import type { Pool } from 'pg'
import { putRateAsk, replaceRateLedger, type RateState } from '../../store/project/rate-ledgers.ts'
import { answerAsks, answerTo, type AnsweredLedger, type PutAsk } from '../limits/rate-asks.ts'
import type { RateAsk, RateGrant } from '../limits/rate-share.ts'

/** What all who call one Target account share of its rate limit. A client asks ahead of need, never twice at a time. */
export interface RateBudget {
  lease(ask: RateAskOf): Promise<RateGrant>
}

/** The holder's name is the budget's to add. */
export type RateAskOf = Omit<RateAsk, 'holder'>

const nothing: RateGrant = { permits: 0, againMs: 0 }

/** Whoever replaces the ledger answers all asks that it has seen, so an ask is answered at its second turn at the latest. */
const mostTurns = 20

/**
 * The budget of an account (`intercom/abc123`), in the control database: for all Runs of all processes that use it. No lock is held while
 * anybody thinks: of two that answer at once one is too late, and finds that the other has answered it as well.
 */
export function accountBudget(pool: Pool, account: string, holder: string): RateBudget {
  let seq = 0
  return {
    async lease(ask) {
      seq += 1
      let state = await putRateAsk(pool, account, { holder, seq, ask })
      for (let turn = 0; turn < mostTurns; turn += 1) {
        const grant = answerTo(ledgerIn(state), holder, seq)
        if (grant !== undefined) return grant
        // Whoever answered it has taken this holder, and its ask, out of the books.
        if (ask.leaves === true && !state.asks.some((put) => put.holder === holder)) return nothing
        const { ledger, gone } = answerAsks(ledgerIn(state), state.asks as readonly PutAsk[], state.nowMs)
        state = await replaceRateLedger(pool, account, state.version, ledger, gone)
      }
      throw new Error(`others changed the rate budget of ${account} ${mostTurns} times while it was asked`)
    },
  }
}

function ledgerIn({ ledger }: RateState): AnsweredLedger | undefined {
  return ledger as AnsweredLedger | null ?? undefined
}
