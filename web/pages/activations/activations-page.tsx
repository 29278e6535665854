import { Group } from '@mantine/core'
import { activationState, listActivations } from '../../../src/api/activations/contract.ts'
import { activationLooks } from '../../lib/status-words.ts'
import { usePages } from '../../lib/use-api.ts'
import { useSearchState } from '../../lib/use-search-state.ts'
import { CursorTable } from '../../ui/table/cursor-table.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FilterSelect } from '../../ui/table/filter-select.tsx'
import { ActivationsIcon, PlusIcon, SearchIcon } from '../../ui/icons.tsx'
import { ButtonLink } from '../../ui/link.tsx'
import { Page } from '../../ui/page.tsx'
import { SearchBox } from '../../ui/table/search-box.tsx'
import { activationColumns } from './activation-columns.tsx'

const states = activationState.options.map((state) => ({ value: state, label: activationLooks[state].word }))
const create = (
  <ButtonLink to="/create-activation" leftSection={<PlusIcon size={16} />}>
    CREATE ACTIVATION
  </ButtonLink>
)

export function ActivationsPage() {
  const [{ search, state }, setFilter] = useSearchState<{ search: string; state: string }>()
  const parsed = activationState.safeParse(state)
  const query = usePages(listActivations, { query: { search, state: parsed.data } }, { everyMs: 30_000 })
  const isFiltered = search !== undefined || state !== undefined
  const isEmpty = !isFiltered && query.data?.pages[0]?.items.length === 0
  return (
    <Page
      title="Activations"
      subtitle="An Activation writes the rows of a Warehouse query to a Target, as tags or field values."
      actions={isEmpty ? undefined : create}
    >
      {!isEmpty && (
        <Group gap="sm" mb="md" role="search">
          <SearchBox
            label="Search Activations"
            value={search ?? ''}
            onChange={(text) => setFilter({ search: text === '' ? undefined : text })}
          />
          <FilterSelect
            label="Filter by state"
            all="All states"
            value={state}
            options={states}
            onChange={(next) => setFilter({ state: next })}
          />
        </Group>
      )}
      <CursorTable
        query={query}
        caption="Activations"
        noun="Activation"
        columns={activationColumns}
        keyOf={({ name }) => name}
        empty={
          isFiltered ? (
            <Empty title="No match" icon={<SearchIcon size={24} />}>
              No Activation matches the filters. Clear them to see all Activations.
            </Empty>
          ) : (
            <Empty title="No Activations yet" icon={<ActivationsIcon size={26} />} action={create}>
              An Activation reads the rows of a SQL query, and writes tags or fields of the matching target records. You
              see every write before it is made.
            </Empty>
          )
        }
      />
    </Page>
  )
}
