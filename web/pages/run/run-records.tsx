import { Group, Title } from '@mantine/core'
import { exportRunRecords, groupRunRecords, listRunRecords, recordStatus } from '../../../src/api/runs/contract.ts'
import { addressOf } from '../../lib/call.ts'
import { recordLooks, underWay } from '../../lib/status-words.ts'
import { useApi, usePages } from '../../lib/use-api.ts'
import { useSearchState } from '../../lib/use-search-state.ts'
import { CursorTable } from '../../ui/table/cursor-table.tsx'
import { DownloadLink } from '../../ui/table/download-link.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FilterSelect } from '../../ui/table/filter-select.tsx'
import type { RunSummary } from '../../features/run/run-columns.tsx'
import { SearchBox } from '../../ui/table/search-box.tsx'
import { recordColumns } from './record-columns.tsx'

const statuses = recordStatus.options.map((status) => ({ value: status, label: recordLooks[status].word }))

/** Every Record of the Run, with its operation and Outcome. */
export function RunRecords({ run: { run, activation, status: runStatus } }: { readonly run: RunSummary }) {
  const [filter, setFilter] = useSearchState<{ status: string; code: string; record: string }>()
  const status = recordStatus.safeParse(filter.status).data
  const { code, record } = filter
  const query = usePages(listRunRecords, { params: { run }, query: { status, code, record } })
  const groups = useApi(groupRunRecords, { params: { run } })
  const codes = [
    ...new Set((groups.data?.groups ?? []).filter((group) => group.code !== '').map((group) => group.code)),
  ]
  const isFiltered = status !== undefined || code !== undefined || record !== undefined
  return (
    <section aria-label="Records" id="records">
      <Title order={2} size="h4" mb="sm">
        Records
      </Title>
      <Group gap="sm" mb="sm" justify="space-between">
        <Group gap="sm" role="search">
          <SearchBox
            label="Search a record"
            value={record ?? ''}
            onChange={(text) => setFilter({ record: text === '' ? undefined : text })}
          />
          <FilterSelect
            label="Filter by status"
            all="All statuses"
            value={status}
            options={statuses}
            onChange={(next) => setFilter({ status: next })}
          />
          {(codes.length > 0 || code !== undefined) && (
            <FilterSelect
              label="Filter by reason"
              all="All reasons"
              value={code}
              options={[...new Set([...codes, ...(code === undefined ? [] : [code])])].map((value) => ({
                value,
                label: value,
              }))}
              onChange={(next) => setFilter({ code: next })}
            />
          )}
        </Group>
        <DownloadLink href={addressOf(exportRunRecords, { params: { run }, query: { status, code } })}>
          Export CSV
        </DownloadLink>
      </Group>
      <CursorTable
        query={query}
        caption={`Records of Run ${run}`}
        noun="record"
        columns={recordColumns(activation)}
        keyOf={({ ordinal }) => ordinal}
        empty={
          isFiltered ? (
            <Empty title="No match">No record of this Run has this status, reason and identifier.</Empty>
          ) : (
            <Empty title="No records">
              {underWay.has(runStatus)
                ? 'Records appear here as the Target answers.'
                : 'This Run sent nothing to the Target.'}
            </Empty>
          )
        }
      />
    </section>
  )
}
