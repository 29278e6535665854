import { capital } from '../model/noun.ts'
import type { SyncBehavior } from '../model/behavior.ts'

export const attach: SyncBehavior = {
  id: 'attach',
  words: ({ record, group }) => ({
    label: `Attach ${capital(group.one)} to Records`,
    help: `Adds one ${group.one} to every ${record.one} that the query returns. A ${record.one} that is no longer in the query keeps its ${group.one}.`,
  }),
  plan: { added: 'attach', changed: 'attach', removed: null },
  groups: { max: 1, mayCreate: true },
}
