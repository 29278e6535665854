import type { SyncBehavior } from '../model/behavior.ts'

export const insert: SyncBehavior = {
  id: 'insert',
  label: 'Add New Records',
  help: 'Creates the records that the query returns for the first time. A record that exists already, or whose row changes later, is not changed: it is marked as not loaded.',
  plan: { added: 'create', changed: 'mark', removed: null },
}
