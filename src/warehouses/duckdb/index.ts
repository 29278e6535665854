import { version } from '@duckdb/node-api'
import { defineWarehouse } from '../../connect/index.ts'
import { columnsOf } from './columns.ts'
import { config, type DuckdbConfig } from './config.ts'
import { openDatabase } from './database.ts'
import { refuseFilesOfAnotherDirectory } from './file-names.ts'
import { read } from './read.ts'
import { schema } from './schema.ts'
import { inspectStatement } from './statement.ts'

export const warehouse = defineWarehouse<DuckdbConfig>({
  specVersion: 1,
  id: 'duckdb',
  name: 'DuckDB',
  config,

  async open(config, { baseDir }) {
    const instance = await openDatabase(config, baseDir)
    return {
      check: () => Promise.resolve({ version: `DuckDB ${version()}`, notices: [] }),

      async columns(sql) {
        refuseFilesOfAnotherDirectory(sql, baseDir)
        const connection = await instance.connect()
        try {
          return await inspectStatement(connection, sql, columnsOf)
        } finally {
          connection.closeSync()
        }
      },

      async *read(sql, options) {
        refuseFilesOfAnotherDirectory(sql, baseDir)
        yield* read(instance, sql, options)
      },

      schema: () => schema(instance),
      close: () => Promise.resolve(instance.closeSync()),
    }
  },
})
