// Written by `npm run gen` from the contents of src/warehouses/. Do not edit.
import type { CatalogueArea } from '../model/catalogue/entry.ts'

export const warehouseCodes: readonly CatalogueArea[] = []
