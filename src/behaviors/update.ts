import type { SyncBehavior } from '../model/behavior.ts'

export const update: SyncBehavior = {
  id: 'update',
  words: ({ record }) => ({
    label: 'Update Existing Records',
    help: `Updates the ${record.many} that the query returns and that exist. A ${record.one} that does not exist is not loaded. A ${record.one} that is no longer in the query is not changed.`,
  }),
  plan: { added: 'update', changed: 'update', removed: null },
  manyMatch: true,
}
