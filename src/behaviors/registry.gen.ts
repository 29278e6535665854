// Written by `npm run gen` from the contents of src/behaviors/. Do not edit.
import type { SyncBehavior } from '../model/behavior.ts'
import { archive } from './archive.ts'
import { attach } from './attach.ts'
import { deleteRecords } from './delete.ts'
import { detach } from './detach.ts'
import { insert } from './insert.ts'
import { mirror } from './mirror.ts'
import { update } from './update.ts'
import { upsert } from './upsert.ts'

export const behaviors: Readonly<Record<string, SyncBehavior>> = {
  archive,
  attach,
  delete: deleteRecords,
  detach,
  insert,
  mirror,
  update,
  upsert,
}
