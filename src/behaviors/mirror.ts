import type { SyncBehavior } from '../model/behavior.ts'

export const mirror: SyncBehavior = {
  id: 'mirror',
  label: 'Mirror Tag to Records',
  help: 'Adds the tag to every record that the query returns. Removes the tag from a record that is no longer in the query, if the tag is managed (Tailrace added it).',
  plan: { added: 'attach', changed: 'attach', removed: 'detach' },
  forRecords: {
    label: 'Mirror Records',
    help: 'Creates or updates every record that the query returns. Archives a record that is no longer in the query, if this activation created it.',
    plan: { added: 'upsert', changed: 'upsert', removed: 'archive' },
  },
  groups: { max: 1, mayCreate: true },
}
