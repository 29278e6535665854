import type { SyncBehavior } from '../model/behavior.ts'

export const deleteRecords: SyncBehavior = {
  id: 'delete',
  words: ({ record }) => ({
    label: 'Delete Existing Records',
    help: `Deletes every ${record.one} that the query returns. This cannot be undone. A ${record.one} that is no longer in the query is not changed.`,
  }),
  plan: { added: 'delete', changed: 'delete', removed: null },
}
