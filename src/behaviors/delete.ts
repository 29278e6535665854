import type { SyncBehavior } from '../model/behavior.ts'

export const deleteRecords: SyncBehavior = {
  id: 'delete',
  label: 'Delete Existing Records',
  help: 'Deletes every record that the query returns. This cannot be undone. A record that is no longer in the query is not changed.',
  plan: { added: 'delete', changed: 'delete', removed: null },
}
