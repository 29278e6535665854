import { defineWarehouse } from '../../connect/index.ts'
import { config, type DuckdbConfig } from './config.ts'

export const warehouse = defineWarehouse<DuckdbConfig>({
  specVersion: 1,
  id: 'duckdb',
  name: 'DuckDB',
  config,
  // Whatever reads a config that names a DuckDB comes here; the database itself is loaded by what asks it.
  open: async (config, context) => await (await import('./session.ts')).openSession(config, context),
})
