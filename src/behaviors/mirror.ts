import { capital } from '../model/noun.ts'
import type { SyncBehavior } from '../model/behavior.ts'

export const mirror: SyncBehavior = {
  id: 'mirror',
  words: ({ record, group }) => ({
    label: `Mirror ${capital(group.one)} to Records`,
    help: `Adds the ${group.one} to every ${record.one} that the query returns. Removes the ${group.one} from a ${record.one} that is no longer in the query, if the link is managed (Tailrace added it).`,
  }),
  plan: { added: 'attach', changed: 'attach', removed: 'detach' },
  forRecords: {
    words: ({ record }) => ({
      label: 'Mirror Records',
      help: `Creates or updates every ${record.one} that the query returns. Archives a ${record.one} that is no longer in the query, if this activation created it.`,
    }),
    plan: { added: 'upsert', changed: 'upsert', removed: 'archive' },
  },
  groups: { max: 1, mayCreate: true },
}
