import type { SyncBehavior } from '../model/behavior.ts'

export const insert: SyncBehavior = {
  id: 'insert',
  words: ({ record }) => ({
    label: 'Add New Records',
    help: `Creates the ${record.many} that the query returns for the first time. A ${record.one} that exists already, or whose row changes later, is not changed: it is marked as not loaded.`,
  }),
  plan: { added: 'create', changed: 'mark', removed: null },
}
