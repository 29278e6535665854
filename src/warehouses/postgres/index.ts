import { defaultTimezone, defineWarehouse } from '../../connect/index.ts'
import { addressOf } from './address.ts'
import { check, schema } from './catalog.ts'
import { describe } from './columns.ts'
import { config, timeoutMs, type PostgresConfig } from './config.ts'
import type { Connected, Server } from './connection.ts'
import { dialect } from './dialect.ts'
import { openLine } from './line.ts'
import { read } from './read.ts'
import { tlsFor } from './tls.ts'

export const warehouse = defineWarehouse<PostgresConfig>({
  contract: 2,
  id: 'postgres',
  name: 'PostgreSQL',
  config,
  sql: dialect,

  async open(config, { baseDir, log, signal = new AbortController().signal }) {
    const address = addressOf(config)
    const timezone = config.timezone ?? defaultTimezone
    const server: Server = {
      address,
      tls: await tlsFor(address, baseDir),
      statementTimeoutMs: timeoutMs(config.statementTimeout),
      timezone,
      log,
    }
    /** Each call opens its own connection and closes it afterwards. */
    const ask = async <T>(question: (client: Connected) => Promise<T>): Promise<T> => {
      const line = await openLine(server, signal)
      try {
        const answer = await line.run(() => question(line.client))
        await line.run(() => line.client.query('ROLLBACK'))
        return answer
      } finally {
        await line.close()
      }
    }
    await ask((client) => client.query('SELECT 1'))
    return {
      timezone,
      check: () => ask(check),
      columns: (sql) => ask((client) => describe(server, client, sql)),
      read: (sql, options) => read(server, sql, { ...options, signal: AbortSignal.any([signal, options.signal]) }),
      schema: () => ask(schema),
      close: () => Promise.resolve(),
    }
  },
})
