import { version } from '@duckdb/node-api'
import { defaultTimezone, defineWarehouse } from '../../connect/index.ts'
import { config, type DuckdbConfig } from './config.ts'
import { withConnection } from './connection.ts'
import { openDatabase } from './database.ts'
import { describeQuery } from './describe.ts'
import type { FileAccess } from './files.ts'
import { read } from './read.ts'
import { schema } from './schema.ts'

export const warehouse = defineWarehouse<DuckdbConfig>({
  specVersion: 1,
  id: 'duckdb',
  name: 'DuckDB',
  config,

  async open(config, { baseDir, signal = new AbortController().signal }) {
    const { instance, allowsFiles } = await openDatabase(config, baseDir)
    const files: FileAccess = { baseDir, allowed: allowsFiles }
    const timezone = config.timezone ?? defaultTimezone
    return {
      timezone,
      check: () => Promise.resolve({ version: `DuckDB ${version()}`, notices: [] }),
      columns: sql => withConnection(instance, signal, connection => describeQuery(connection, sql, files)),
      read: (sql, options) => read({ instance, files, timezone }, sql, { ...options, signal: AbortSignal.any([signal, options.signal]) }),
      schema: () => withConnection(instance, signal, schema),
      close: () => Promise.resolve(instance.closeSync()),
    }
  },
})
