// Written by `npm run gen` from the contents of src/behaviors/. Do not edit.
import type { SyncBehavior } from './behavior.ts'
import { attach } from './attach.ts'
import { detach } from './detach.ts'
import { mirror } from './mirror.ts'

export const behaviors: Readonly<Record<string, SyncBehavior>> = {
  attach,
  detach,
  mirror,
}
