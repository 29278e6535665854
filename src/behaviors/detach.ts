import type { SyncBehavior } from '../model/behavior.ts'

export const detach: SyncBehavior = {
  id: 'detach',
  label: 'Detach Tag(s) from Records',
  help: 'Takes the tags off every record the query returns, where they are found. A record that leaves the query is left as it is.',
  plan: { added: 'detach', changed: 'detach', removed: null },
  groups: { max: Number.POSITIVE_INFINITY, mayCreate: false },
}
