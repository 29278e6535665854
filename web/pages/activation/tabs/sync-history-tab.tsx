import { listRuns } from '../../../../src/api/runs/contract.ts'
import { usePages } from '../../../lib/use-api.ts'
import { CursorTable } from '../../../ui/table/cursor-table.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { ClockIcon } from '../../../ui/icons.tsx'
import { logColumn, runColumn, runColumns } from '../../../features/run/run-columns.tsx'
import type { TabProps } from '../activation-tab.ts'

const columns = [runColumn, ...runColumns, logColumn]

export function SyncHistoryTab({ activation: { name } }: TabProps) {
  const query = usePages(listRuns, { query: { activation: name } }, { everyMs: 30_000 })
  return (
    <CursorTable
      query={query}
      caption={`Sync History of ${name}, newest first`}
      noun="Run"
      columns={columns}
      keyOf={({ run }) => run}
      empty={
        <Empty title="No Runs yet" icon={<ClockIcon size={24} />}>
          Each Run is listed here with its counts, duration and notices. Press Run now, or wait for the schedule.
        </Empty>
      }
    />
  )
}
