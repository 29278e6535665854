import type { ActivationTab } from './activation-tab.ts'
import { ConfigurationTab } from './tabs/configuration-tab.tsx'
import { DriftTab } from './tabs/drift-tab.tsx'
import { FailedRecordsTab } from './tabs/failed-records-tab.tsx'
import { OverviewTab } from './tabs/overview-tab.tsx'
import { OwnershipTab } from './tabs/ownership-tab.tsx'
import { RecordTab } from './tabs/record-tab.tsx'
import { SyncHistoryTab } from './tabs/sync-history-tab.tsx'

export const tabs: readonly ActivationTab[] = [
  { id: 'overview', label: 'Overview', content: OverviewTab },
  { id: 'sync-history', label: 'Sync History', content: SyncHistoryTab },
  {
    id: 'failed-records',
    label: 'Failed Records',
    figure: ({ standing }) => standing.onHold + standing.notLoaded + standing.unconfirmed,
    content: FailedRecordsTab,
  },
  { id: 'drift', label: 'Drift', content: DriftTab },
  { id: 'ownership', label: 'Ownership', content: OwnershipTab },
  { id: 'record', label: 'Record', content: RecordTab },
  { id: 'configuration', label: 'Configuration', content: ConfigurationTab },
]
