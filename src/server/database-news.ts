import type { Log } from '../connect/io.ts'
import { Fault } from '../model/fault.ts'
import type { ControlDatabaseOptions } from '../store/database/control-database.ts'

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
