import type { SyncBehavior } from '../model/behavior.ts'

export const deleteRecords: SyncBehavior = {
  id: 'delete',
  label: 'Delete Existing Records',
  help: 'Deletes every record the query returns. This cannot be taken back. A record that leaves the query is left as it is.',
  plan: { added: 'delete', changed: 'delete', removed: null },
}
