import type { SyncBehavior } from '../model/behavior.ts'

export const update: SyncBehavior = {
  id: 'update',
  label: 'Update Existing Records',
  help: 'Updates the records that the query returns and that exist. A record that does not exist is not loaded. A record that is no longer in the query is not changed.',
  plan: { added: 'update', changed: 'update', removed: null },
  manyMatch: true,
}
