import { defineWarehouse } from '../../connect/index.ts'
import { addressOf } from './address.ts'
import { check } from './check.ts'
import { columns } from './columns.ts'
import { config, type PostgresConfig } from './config.ts'
import { type Connected, connectReadOnly, serverAt } from './connection.ts'
import { read } from './read.ts'
import { schema } from './schema.ts'
import { timeoutMs } from './timeout.ts'

export const warehouse = defineWarehouse<PostgresConfig>({
  specVersion: 1,
  id: 'postgres',
  name: 'PostgreSQL',
  config,

  async open(config, { baseDir, log }) {
    const server = await serverAt(addressOf(config), baseDir, timeoutMs(config.statementTimeout))
    const withClient = async <T>(use: (client: Connected) => Promise<T>): Promise<T> => {
      const client = await connectReadOnly(server)
      try {
        return await use(client)
      } finally {
        await client.end()
      }
    }
    await withClient(client => client.query('SELECT 1'))
    return {
      check: () => withClient(check),
      columns: sql => withClient(client => columns(server, client, sql)),
      read: (sql, options) => read(server, log, sql, options),
      schema: () => withClient(schema),
      // Every question has a connection of its own, gone with its answer.
      close: () => Promise.resolve(),
    }
  },
})
