import type { SyncBehavior } from '../model/behavior.ts'

export const upsert: SyncBehavior = {
  id: 'upsert',
  label: 'Insert New and Update Existing Records',
  help: 'Creates every record that the query returns, or updates it if it exists. A record that is no longer in the query is not changed.',
  plan: { added: 'upsert', changed: 'upsert', removed: null },
  manyMatch: true,
}
