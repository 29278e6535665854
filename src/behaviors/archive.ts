import type { SyncBehavior } from '../model/behavior.ts'

export const archive: SyncBehavior = {
  id: 'archive',
  words: ({ record }) => ({
    label: 'Archive Existing Records',
    help: `Archives every ${record.one} that the query returns. A ${record.one} that is no longer in the query is not changed.`,
  }),
  plan: { added: 'archive', changed: 'archive', removed: null },
}
