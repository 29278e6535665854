import type { Log } from '../connect/io.ts'
import { Fault } from '../model/fault.ts'
import type { ControlDatabaseOptions } from '../store/database/control-database.ts'

export interface TroubleLog {
  /** A query to the control database outside of Runs failed. */
  reported(error: unknown): void
  close(): void
}

/** During an outage, one line is logged per interval. */
const againMs = 60_000
/** An outage is over after this long without errors. Longer than the wait between retries. */
const overMs = 15_000

/**
 * Logs errors of the control database: the first one, then one line a minute with the number of repeats, and the end.
 */
export function createTroubleLog(log: Log): TroubleLog {
  let reportedAt = -Infinity
  let repeated = 0
  let timer: NodeJS.Timeout | undefined
  const over = (): void => {
    timer = undefined
    reportedAt = -Infinity
    log.warn('no more errors of the control database', { repeated })
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
      log.warn('error of the control database', { message: wordsOf(error), ...(repeated > 0 && { repeated }) })
    },
    close: () => clearTimeout(timer),
  }
}

/** pg-boss reports errors as plain objects with a message. */
function wordsOf(error: unknown): string {
  const words =
    typeof error === 'object' && error !== null ? (error as { readonly message?: unknown }).message : undefined
  return typeof words === 'string' ? words : String(error)
}

/** Logs when the embedded database of a server or worker stops and starts. Meanwhile requests get 503. */
export function databaseNews(log: Log): NonNullable<ControlDatabaseOptions['onServerNews']> {
  return (news) => {
    switch (news.kind) {
      case 'ended':
        return log.warn('the embedded database stopped; restarting it')
      case 'started':
        return log.warn('the embedded database is running again', { process: news.server.pid, port: news.server.port })
      case 'failed':
        return log.warn('the embedded database does not start', {
          message: news.error instanceof Error ? news.error.message : String(news.error),
          ...(Fault.is(news.error) && { code: news.error.code, advice: news.error.advice }),
          nextAttemptMs: news.nextMs,
        })
    }
  }
}
