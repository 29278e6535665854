import type { ActivationTab } from './activation-tab.ts'
import { ConfigurationTab } from './configuration-tab.tsx'
import { DriftTab } from './drift-tab.tsx'
import { FailedRecordsTab } from './failed-records-tab.tsx'
import { OverviewTab } from './overview-tab.tsx'
import { OwnershipTab } from './ownership-tab.tsx'
import { RecordTab } from './record-tab.tsx'
import { SyncHistoryTab } from './sync-history-tab.tsx'

export const tabs: readonly ActivationTab[] = [
  { id: 'overview', label: 'Overview', content: OverviewTab },
  { id: 'sync-history', label: 'Sync History', content: SyncHistoryTab },
  { id: 'failed-records', label: 'Failed Records', figure: ({ standing }) => standing.onHold + standing.notLoaded + standing.unconfirmed, content: FailedRecordsTab },
  { id: 'drift', label: 'Drift', content: DriftTab },
  { id: 'ownership', label: 'Ownership', content: OwnershipTab },
  { id: 'record', label: 'Record', content: RecordTab },
  { id: 'configuration', label: 'Configuration', content: ConfigurationTab },
]
