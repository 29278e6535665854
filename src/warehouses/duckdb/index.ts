import { defineWarehouse } from '../../connect/index.ts'
import { config, type DuckdbConfig } from './config.ts'
import { dialect } from './dialect.ts'

export const warehouse = defineWarehouse<DuckdbConfig>({
  contract: 2,
  id: 'duckdb',
  name: 'DuckDB',
  config,
  sql: dialect,
  // Reading a config that names a DuckDB loads this file. The database library is loaded only when a session opens.
  open: async (config, context) => await (await import('./session.ts')).openSession(config, context),
})
