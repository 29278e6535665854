import { z } from 'zod'
import { defineWarehouse, type WarehouseSpec } from '../connect/warehouse.ts'
import type { Cell } from '../model/row.ts'

/** A Warehouse of one column `id`, whose rows a test sets. For tests of the engine; `breakAfter` ends the read with an error. */
export interface SimulatedWarehouse {
  readonly spec: WarehouseSpec
  rows: readonly Cell[]
  breakAfter: number | undefined
}

export function simulateWarehouse(): SimulatedWarehouse {
  const warehouse: SimulatedWarehouse = { spec: undefined as never, rows: [], breakAfter: undefined }
  const spec = defineWarehouse({
    specVersion: 1, id: 'simulated', name: 'Simulated', config: z.strictObject({}),
    open: () => Promise.resolve({
      check: () => Promise.resolve({ version: 'simulated', notices: [] }),
      columns: () => Promise.resolve([{ name: 'id', type: 'text' as const, nativeType: 'text' }]),
      async *read(_sql, { pageSize }) {
        const size = Math.min(pageSize, 5)
        for (let at = 0; at < warehouse.rows.length; at += size) {
          await Promise.resolve()
          if (warehouse.breakAfter !== undefined && at >= warehouse.breakAfter) throw new Error('the warehouse broke down')
          yield warehouse.rows.slice(at, at + size).map((cell) => [cell])
        }
      },
      close: () => Promise.resolve(),
    }),
  })
  return Object.assign(warehouse, { spec })
}
