import type { SyncBehavior } from '../model/behavior.ts'

export const update: SyncBehavior = {
  id: 'update',
  label: 'Update Existing Records',
  help: 'Updates the records the query returns that exist. One that does not exist is not loaded. A record that leaves the query is left as it is.',
  plan: { added: 'update', changed: 'update', removed: null },
  manyMatch: true,
}
