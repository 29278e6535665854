import type { SyncBehavior } from '../model/behavior.ts'

export const mirror: SyncBehavior = {
  id: 'mirror',
  label: 'Mirror Tag to Records',
  help: 'Records the query returns have the tag, and nobody else that we tagged: a record that leaves the query loses the tag, if it was ours.',
  plan: { added: 'attach', changed: 'attach', removed: 'detach' },
  forRecords: {
    label: 'Mirror Records',
    help: 'Creates or updates every record the query returns. A record that leaves the query is archived, if it was created here.',
    plan: { added: 'upsert', changed: 'upsert', removed: 'archive' },
  },
  groups: { max: 1, mayCreate: true },
}
