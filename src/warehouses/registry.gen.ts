// Written by `npm run gen` from the contents of src/warehouses/. Do not edit.
import type { Warehouse } from '../connect/warehouse.ts'

export const warehouses: Readonly<Record<string, () => Promise<Warehouse>>> = {
  duckdb: async () => (await import('./duckdb/index.ts')).warehouse,
  postgres: async () => (await import('./postgres/index.ts')).warehouse,
}
