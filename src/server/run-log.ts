import type { Log } from '../connect/io.ts'
import type { Fault } from '../model/fault.ts'

/** Why a Run of an Activation ended, or could not begin. */
export interface LoggedEnd {
  readonly activation: string
  /** Omitted if no Run began. */
  readonly run?: number
  readonly status?: string
  readonly fault: Fault | undefined
}

export interface RunLog {
  ended(end: LoggedEnd): void
}

/** The same fault of an Activation is logged again after this long. */
const againMs = 10 * 60_000

/**
 * Logs Runs that ended by a Fault: failed, stopped or blocked by a guardrail. A repeated fault is logged once, then
 * every ten minutes with the number of repeats.
 */
export function createRunLog(log: Log, now: () => number): RunLog {
  const reported = new Map<string, { readonly code: string; readonly at: number; readonly repeated: number }>()
  return {
    ended({ activation, run, status, fault }) {
      if (fault?.kind === 'cancelled') return
      const before = reported.get(activation)
      if (fault === undefined) {
        reported.delete(activation)
        if (before !== undefined) log.info('an activation runs again', { activation, run })
        return
      }
      const { code, message } = fault
      if (before?.code === code && now() - before.at < againMs) {
        reported.set(activation, { ...before, repeated: before.repeated + 1 })
        return
      }
      const repeated = before?.code === code ? before.repeated : 0
      reported.set(activation, { code, at: now(), repeated: 0 })
      log.warn(run === undefined ? 'a Run could not start' : 'a Run was ended by a fault', {
        activation,
        run,
        status,
        code,
        message,
        ...(repeated > 0 && { repeated }),
      })
    },
  }
}
