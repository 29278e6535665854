import type { SyncBehavior } from '../model/behavior.ts'

export const upsert: SyncBehavior = {
  id: 'upsert',
  label: 'Insert New and Update Existing Records',
  help: 'Creates every record the query returns, or updates it where it exists. A record that leaves the query is left as it is.',
  plan: { added: 'upsert', changed: 'upsert', removed: null },
  manyMatch: true,
}
