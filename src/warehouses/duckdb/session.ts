import { version } from '@duckdb/node-api'
import { defaultTimezone, type WarehouseContext, type WarehouseSession } from '../../connect/index.ts'
import type { DuckdbConfig } from './config.ts'
import { withConnection } from './connection.ts'
import { openDatabase } from './database.ts'
import { describeQuery } from './describe.ts'
import type { FileAccess } from './files.ts'
import { read } from './read.ts'
import { schema } from './schema.ts'

export async function openSession(
  config: DuckdbConfig,
  { baseDir, signal = new AbortController().signal }: WarehouseContext,
): Promise<WarehouseSession> {
  const { instance, allowsFiles } = await openDatabase(config, baseDir)
  const files: FileAccess = { baseDir, allowed: allowsFiles }
  const timezone = config.timezone ?? defaultTimezone
  return {
    timezone,
    check: () => Promise.resolve({ version: `DuckDB ${version()}`, notices: [] }),
    columns: (sql) => withConnection(instance, signal, (connection) => describeQuery(connection, sql, files)),
    read: (sql, options) =>
      read({ instance, files, timezone }, sql, { ...options, signal: AbortSignal.any([signal, options.signal]) }),
    schema: () => withConnection(instance, signal, schema),
    close: () => Promise.resolve(instance.closeSync()),
  }
}
