import type { Pool } from 'pg'
import { changeRateLedger } from '../store/rate-budget.ts'
import { emptyLedger, shareRate, type RateAsk, type RateGrant, type RateLedger } from '../sync/rate-share.ts'

/** What all who call one Target account share of its rate limit. A client asks ahead of need, never twice at a time. */
export interface RateBudget {
  lease(ask: RateAskOf): Promise<RateGrant>
}

/** The holder's name is the budget's to add. */
export type RateAskOf = Omit<RateAsk, 'holder'>

/** The budget of an account (`intercom/abc123`), in the control database: for all Runs of all processes that use it. */
export function accountBudget(pool: Pool, account: string, holder: string): RateBudget {
  return {
    async lease(ask) {
      return await changeRateLedger(pool, account, (ledger, nowMs) => {
        const { ledger: after, grant } = shareRate((ledger ?? emptyLedger) as RateLedger, { ...ask, holder }, nowMs)
        return { ledger: after, answer: grant }
      })
    },
  }
}
