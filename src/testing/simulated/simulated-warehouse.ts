import { z } from 'zod'
import { standardDialect } from '../../connect/sql/dialect.ts'
import { defineWarehouse, type Warehouse } from '../../connect/warehouse.ts'
import type { Cell, Column, Row } from '../../model/row.ts'

/**
 * A Warehouse with rows that a test sets: cells of one column `id`, or whole rows of the given columns. `breakAfter`
 * makes the read fail after this many rows.
 */
export interface SimulatedWarehouse {
  readonly spec: Warehouse
  rows: readonly (Cell | Row)[]
  breakAfter: number | undefined
}

export function simulateWarehouse(
  columns: readonly (string | readonly [name: string, type: Column['type']])[] = ['id'],
): SimulatedWarehouse {
  const described = columns.map((column): Column =>
    typeof column === 'string'
      ? { name: column, type: 'text', nativeType: 'text' }
      : { name: column[0], type: column[1], nativeType: column[1] },
  )
  const warehouse: SimulatedWarehouse = { spec: undefined as never, rows: [], breakAfter: undefined }
  const spec = defineWarehouse({
    contract: 2,
    id: 'simulated',
    name: 'Simulated',
    config: z.strictObject({}),
    sql: standardDialect,
    open: () =>
      Promise.resolve({
        check: () => Promise.resolve({ product: 'simulated', version: '1', rights: [], notices: [] }),
        schema: () => Promise.resolve({ tables: [], truncated: false }),
        columns: () => Promise.resolve(described),
        async *read(_sql, { pageSize, columns: asked }) {
          // Small pages, so that few rows make many pages. Large sets use the requested page size.
          const size = warehouse.rows.length > 1000 ? pageSize : Math.min(pageSize, 5)
          const places = asked.map((name) => described.findIndex((column) => column.name === name))
          for (let at = 0; at < warehouse.rows.length; at += size) {
            await Promise.resolve()
            if (warehouse.breakAfter !== undefined && at >= warehouse.breakAfter)
              throw new Error('the warehouse broke down')
            yield warehouse.rows
              .slice(at, at + size)
              .map((row) => (Array.isArray(row) ? places.map((place) => (row as Row)[place] ?? null) : [row as Cell]))
          }
        },
        close: () => Promise.resolve(),
      }),
  })
  return Object.assign(warehouse, { spec })
}
