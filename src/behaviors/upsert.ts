import type { SyncBehavior } from '../model/behavior.ts'

export const upsert: SyncBehavior = {
  id: 'upsert',
  words: ({ record }) => ({
    label: 'Insert New and Update Existing Records',
    help: `Creates every ${record.one} that the query returns, or updates it if it exists. A ${record.one} that is no longer in the query is not changed.`,
  }),
  plan: { added: 'upsert', changed: 'upsert', removed: null },
  manyMatch: true,
}
