import type { Log } from '../connect/io.ts'

export interface TroubleLog {
  /** Something that asks the control database beside Runs failed. */
  reported(error: unknown): void
  close(): void
}

/** While an outage lasts, one line tells of it so often. */
const againMs = 60_000
/** Without trouble for so long, it is over. Longer than what asks anew waits in between. */
const overMs = 15_000

/** Logs trouble with the control database: its first error, then a line a minute with how many more there were, and its end. */
export function createTroubleLog(log: Log): TroubleLog {
  let reportedAt = -Infinity
  let repeated = 0
  let timer: NodeJS.Timeout | undefined
  const over = (): void => {
    timer = undefined
    reportedAt = -Infinity
    log.warn('no more trouble with the control database', { repeated })
    repeated = 0
  }
  return {
    reported(error) {
      clearTimeout(timer)
      timer = setTimeout(over, overMs).unref()
      const at = performance.now()
      if (at - reportedAt < againMs) {
        repeated += 1
        return
      }
      reportedAt = at
      log.warn('trouble with the control database', { message: wordsOf(error), ...repeated > 0 && { repeated } })
    },
    close: () => clearTimeout(timer),
  }
}

/** pg-boss tells of errors as plain objects, with their words. */
function wordsOf(error: unknown): string {
  const words = typeof error === 'object' && error !== null ? (error as { readonly message?: unknown }).message : undefined
  return typeof words === 'string' ? words : String(error)
}
