import type { Log } from '../connect/io.ts'
import { Fault } from '../model/fault.ts'
import type { ControlDatabaseOptions } from '../store/database/control-database.ts'

/** Says in the log what becomes of the embedded database under a server or worker. Meanwhile requests are answered 503. */
export function databaseNews(log: Log): NonNullable<ControlDatabaseOptions['onServerNews']> {
  return (news) => {
    switch (news.kind) {
      case 'ended': return log.warn('the embedded database has ended; it is started again')
      case 'started': return log.warn('the embedded database is up again', { process: news.server.pid, port: news.server.port })
      case 'failed': return log.warn('the embedded database does not start', {
        message: news.error instanceof Error ? news.error.message : String(news.error), ...Fault.is(news.error) && { code: news.error.code, advice: news.error.advice }, nextAttemptMs: news.nextMs,
      })
    }
  }
}
