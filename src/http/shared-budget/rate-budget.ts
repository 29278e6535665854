import type { Pool } from 'pg'
import { putRateAsk, replaceRateLedger, type RateState } from '../../store/project/rate-ledgers.ts'
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

/**
 * The budget of an account (`intercom/abc123`), in the control database, for all Runs of all processes. It uses
 * optimistic concurrency, no lock: if two clients answer at once, the later write fails, and finds its ask answered by
 * the other.
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
        // Another client answered the ask and removed this holder and its ask from the ledger.
        if (ask.leaves === true && !state.asks.some((put) => put.holder === holder)) return nothing
        const { ledger, gone } = answerAsks(ledgerIn(state), state.asks as readonly PutAsk[], state.nowMs)
        state = await replaceRateLedger(pool, account, state.version, ledger, gone)
      }
      throw new Error(`others changed the rate budget of ${account} ${mostTurns} times while it was asked`)
    },
  }
}

function ledgerIn({ ledger }: RateState): AnsweredLedger | undefined {
  return (ledger as AnsweredLedger | null) ?? undefined
}
