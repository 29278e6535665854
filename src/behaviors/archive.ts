import type { SyncBehavior } from '../model/behavior.ts'

export const archive: SyncBehavior = {
  id: 'archive',
  label: 'Archive Existing Records',
  help: 'Archives every record the query returns. A record that leaves the query is left as it is.',
  plan: { added: 'archive', changed: 'archive', removed: null },
}
