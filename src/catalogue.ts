import { target } from './model/catalogue/target.ts'
import type { CatalogueArea } from './model/catalogue/entry.ts'
import { generalCatalogue } from './model/catalogue/general-catalogue.ts'
import { warehouse } from './model/catalogue/warehouse.ts'
import { targetCodes } from './targets/codes.gen.ts'
import { warehouseCodes } from './warehouses/codes.gen.ts'

const ofConnectors = new Map([
  [warehouse, warehouseCodes],
  [target, targetCodes],
])

/**
 * Every failure that has a code: the general ones, and after those of Warehouses and Targets the ones of each
 * connector. scripts/catalogue.test.ts checks that the sources use the same codes.
 */
export const catalogue: readonly CatalogueArea[] = generalCatalogue.flatMap((area) => [
  area,
  ...(ofConnectors.get(area) ?? []),
])

const byCode = new Map(catalogue.flatMap((area) => area.entries.map((entry) => [entry.code, entry])))

/** The meaning of a failure's code and what to do, from docs/errors.md. */
export function reasonWords(code: string): { readonly title: string; readonly advice: string } {
  const { title = code, fix = '' } = byCode.get(code) ?? {}
  return { title, advice: fix }
}
