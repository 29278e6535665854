import { permitsAt } from './budget-lease.ts'
import type { Discipline, ReportedFigures } from './discipline.ts'
import type { Pacing, PacingRules, ReportedRate } from './pacing-state.ts'
import { askBudget, mayGoAt, mustAskAt, pace, startPacing } from './pacing.ts'
import type { RateAsk, RateGrant } from './rate-share.ts'

/** Fixed windows (pacing-state.ts). */
export function windowDiscipline(
  rules: PacingRules,
  reserve: number,
): Discipline<Pacing, Omit<RateAsk, 'holder'>, RateGrant> {
  return {
    start: () => startPacing(rules),
    goesAt: mayGoAt,
    sent: (state, at) => pace(state, { type: 'sent', at }),
    epochOf: ({ epoch }) => epoch,
    ended(state, { how, reported: figures, afterMs, random, ...ended }) {
      const reported = withRemaining(figures)
      if (how === 'limited') return pace(state, { type: 'limited', ...ended, reported, retryAfterMs: afterMs, random })
      if (how === 'answered') return pace(state, { type: 'answered', ...ended, reported })
      return pace(state, { type: 'lost', ...ended, counted: how === 'lost' })
    },
    pausedUntil: (state, until) => ({ ...state, pausedUntil: Math.max(state.pausedUntil, until) }),
    shared: (state, at) => pace(state, { type: 'shared', at }),
    leaseOf({ lease }, now) {
      return lease && { ...lease, hasPermit: permitsAt(lease, now) >= 1 }
    },
    mustAskAt,
    ask(state, queued, at) {
      const { lease } = state
      if (lease === undefined) throw new Error('a limit that is not shared asks for permits')
      const begun = askBudget(state, lease, queued, at)
      return { state: begun.state, ask: { ...begun.askBudget, reserve }, active: begun.askBudget.active }
    },
    granted: (state, grant, active, at) => pace(state, { type: 'granted', at, active, grant }),
    askFailed: (state, retryAt) => pace(state, { type: 'ask-failed', retryAt }),
    figures: ({ limit, left, endsAt }) => ({ limit, remaining: left, resetsAt: endsAt }),
  }
}

/** Without the number of requests left, a reply does not report the window. */
function withRemaining(figures: ReportedFigures | undefined): ReportedRate | undefined {
  if (figures?.remaining === undefined) return undefined
  const { remaining, resetsInMs, ...others } = figures
  return { ...others, remaining, ...(resetsInMs !== undefined && { resetsInMs }) }
}
