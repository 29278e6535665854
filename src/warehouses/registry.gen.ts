// Written by `npm run gen` from the contents of src/warehouses/. Do not edit.
import type { WarehouseSpec } from '../connect/warehouse.ts'

export const warehouses: Readonly<Record<string, () => Promise<WarehouseSpec>>> = {}
