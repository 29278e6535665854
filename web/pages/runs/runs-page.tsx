import { Group } from '@mantine/core'
import { listRuns } from '../../../src/api/runs/contract.ts'
import { runStatus } from '../../../src/api/shared.ts'
import { runLooks } from '../../lib/status-words.ts'
import { usePages } from '../../lib/use-api.ts'
import { useSearchState } from '../../lib/use-search-state.ts'
import { CursorTable } from '../../ui/table/cursor-table.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FilterSelect } from '../../ui/table/filter-select.tsx'
import { ClockIcon, SearchIcon } from '../../ui/icons.tsx'
import { ButtonLink } from '../../ui/link.tsx'
import { Page } from '../../ui/page.tsx'
import { logColumn, ofActivationColumn, runColumn, runColumns } from '../../features/run/run-columns.tsx'
import { SearchBox } from '../../ui/table/search-box.tsx'

const columns = [runColumn, ofActivationColumn, ...runColumns, logColumn]
const statuses = runStatus.options.map((status) => ({ value: status, label: runLooks[status].word }))

export function RunsPage() {
  const [{ activation, status }, setFilter] = useSearchState<{ activation: string; status: string }>()
  const query = usePages(
    listRuns,
    { query: { activation, status: runStatus.safeParse(status).data } },
    { everyMs: 30_000 },
  )
  const isFiltered = activation !== undefined || status !== undefined
  return (
    <Page title="Runs" subtitle="All Runs of all Activations, newest first.">
      <Group gap="sm" mb="md" role="search">
        <SearchBox
          label="Name of an Activation"
          value={activation ?? ''}
          onChange={(text) => setFilter({ activation: text === '' ? undefined : text })}
        />
        <FilterSelect
          label="Filter by status"
          all="All statuses"
          value={status}
          options={statuses}
          onChange={(next) => setFilter({ status: next })}
        />
      </Group>
      <CursorTable
        query={query}
        caption="Runs, newest first"
        noun="Run"
        columns={columns}
        keyOf={({ run }) => run}
        empty={
          isFiltered ? (
            <Empty title="No match" icon={<SearchIcon size={24} />}>
              No Run matches the filters. The name of the Activation must match exactly.
            </Empty>
          ) : (
            <Empty
              title="No Runs yet"
              icon={<ClockIcon size={24} />}
              action={<ButtonLink to="/activations">Go to Activations</ButtonLink>}
            >
              A Run appears here when an Activation runs, by its schedule or manually.
            </Empty>
          )
        }
      />
    </Page>
  )
}
