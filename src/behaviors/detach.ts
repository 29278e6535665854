import type { SyncBehavior } from '../model/behavior.ts'

export const detach: SyncBehavior = {
  id: 'detach',
  label: 'Detach Tag(s) from Records',
  help: 'Removes the tags from every record that the query returns and that has them. A record that is no longer in the query is not changed.',
  plan: { added: 'detach', changed: 'detach', removed: null },
  groups: { max: Number.POSITIVE_INFINITY, mayCreate: false },
}
