import { defineWarehouse } from '../../connect/index.ts'
import { config, type DuckdbConfig } from './config.ts'

export const warehouse = defineWarehouse<DuckdbConfig>({
  specVersion: 1,
  id: 'duckdb',
  name: 'DuckDB',
  config,
  // Reading a config that names a DuckDB loads this file. The database library is loaded only when a session opens.
  open: async (config, context) => await (await import('./session.ts')).openSession(config, context),
})
