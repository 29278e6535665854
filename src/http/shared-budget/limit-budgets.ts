import type { Pool } from 'pg'
import type { RateLimit } from '../../connect/rate-limit.ts'
import type { RateState } from '../../store/project/rate-ledgers.ts'
import { slotRule, windowRule, type RateAskOf, type SlotAskOf } from '../limits/budget-rules.ts'
import type { RateGrant } from '../limits/rate-share.ts'
import type { SlotGrant } from '../limits/slot-share.ts'
import { sharedBudget, type RateBudget } from './rate-budget.ts'

/** The budgets of an account: one for each of its limits. */
export interface LimitBudgets {
  /** Of a fixed window. */
  window(limit: RateLimit): RateBudget<RateAskOf, RateGrant>
  /** Of a rolling window or a quota. */
  slots(limit: RateLimit): RateBudget<SlotAskOf, SlotGrant>
}

/** Where the budget of a limit is stored: who shares it, and its name. */
export type PlaceOf = (limit: Pick<RateLimit, 'name' | 'scope'>) => string

/** `before`: the states of these places as they were read just now. */
export function limitBudgets(
  pool: Pool,
  placeOf: PlaceOf,
  holder: string,
  before: ReadonlyMap<string, RateState> = new Map(),
): LimitBudgets {
  const stateOf = (limit: RateLimit): RateState | undefined => before.get(placeOf(limit))
  return {
    window: (limit) => sharedBudget(windowRule, pool, placeOf(limit), holder, stateOf(limit)),
    slots: (limit) => sharedBudget(slotRule, pool, placeOf(limit), holder, stateOf(limit)),
  }
}
