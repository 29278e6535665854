import type { SyncBehavior } from '../model/behavior.ts'

export const archive: SyncBehavior = {
  id: 'archive',
  label: 'Archive Existing Records',
  help: 'Archives every record that the query returns. A record that is no longer in the query is not changed.',
  plan: { added: 'archive', changed: 'archive', removed: null },
}
