// Written by `npm run gen` from the contents of src/targets/. Do not edit.
import type { CatalogueArea } from '../model/catalogue/entry.ts'
import { codes as intercom } from './intercom/codes.ts'

export const targetCodes: readonly CatalogueArea[] = [intercom]
