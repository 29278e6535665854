import type { SyncBehavior } from '../model/behavior.ts'

export const attach: SyncBehavior = {
  id: 'attach',
  label: 'Attach Tag to Records',
  help: 'Puts one tag on every record the query returns. A record that leaves the query keeps its tag.',
  plan: { added: 'attach', changed: 'attach', removed: null },
  groups: { max: 1, mayCreate: true },
}
