import type { SyncBehavior } from '../model/behavior.ts'

export const insert: SyncBehavior = {
  id: 'insert',
  label: 'Add New Records',
  help: 'Creates the records the query returns for the first time. One that exists, or that changes later, is not touched: it is marked as not loaded.',
  plan: { added: 'create', changed: 'mark', removed: null },
}
