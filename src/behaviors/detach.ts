import { capital } from '../model/noun.ts'
import type { SyncBehavior } from '../model/behavior.ts'

export const detach: SyncBehavior = {
  id: 'detach',
  words: ({ record, group }) => ({
    label: `Detach ${capital(group.many)} from Records`,
    help: `Removes the ${group.many} from every ${record.one} that the query returns and that has them. A ${record.one} that is no longer in the query is not changed.`,
  }),
  plan: { added: 'detach', changed: 'detach', removed: null },
  groups: { max: Number.POSITIVE_INFINITY, mayCreate: false },
}
