import type { SyncBehavior } from '../model/behavior.ts'

export const attach: SyncBehavior = {
  id: 'attach',
  label: 'Attach Tag to Records',
  help: 'Adds one tag to every record that the query returns. A record that is no longer in the query keeps its tag.',
  plan: { added: 'attach', changed: 'attach', removed: null },
  groups: { max: 1, mayCreate: true },
}
