import { Group, Text, Title } from '@mantine/core'
import type { z } from 'zod'
import { exportFailedRecords, failedRecord, listFailedRecords } from '../../../../src/api/records/contract.ts'
import { addressOf } from '../../../lib/call.ts'
import { classLooks } from '../../../lib/status-words.ts'
import { usePages } from '../../../lib/use-api.ts'
import { useSearchState } from '../../../lib/use-search-state.ts'
import { CursorTable } from '../../../ui/table/cursor-table.tsx'
import type { Column } from '../../../ui/table/data-table.tsx'
import { DownloadLink } from '../../../ui/table/download-link.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { FilterSelect } from '../../../ui/table/filter-select.tsx'
import { Link } from '../../../ui/link.tsx'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import { useNow, When } from '../../../ui/when.tsx'
import { RetryButton } from '../retry-button.tsx'

type Failed = z.output<typeof failedRecord>
const failureClass = failedRecord.shape.class

interface FailedRecordListProps {
  readonly activation: string
  readonly codes: readonly string[]
}

export function FailedRecordList({ activation, codes }: FailedRecordListProps) {
  const [filter, setFilter] = useSearchState<{ class: string; code: string }>()
  const kind = failureClass.safeParse(filter.class).data
  const wanted = { params: { activation }, query: { class: kind, code: filter.code } }
  const query = usePages(listFailedRecords, wanted)
  return (
    <section aria-label="All failed records">
      <Title order={2} size="h4" mb="sm">
        All failed records
      </Title>
      <Group gap="sm" mb="sm" justify="space-between">
        <Group gap="sm">
          <FilterSelect
            label="Filter by class"
            all="All classes"
            value={kind}
            options={failureClass.options.map((value) => ({ value, label: classLooks[value].word }))}
            onChange={(next) => setFilter({ class: next })}
          />
          <FilterSelect
            label="Filter by reason"
            all="All reasons"
            value={filter.code}
            options={codes.map((value) => ({ value, label: value }))}
            onChange={(next) => setFilter({ code: next })}
          />
        </Group>
        <DownloadLink href={addressOf(exportFailedRecords, wanted)}>Export CSV</DownloadLink>
      </Group>
      <CursorTable
        query={query}
        caption={`Failed records of ${activation}`}
        noun="record"
        columns={columnsOf(activation)}
        keyOf={({ record }) => record}
        empty={<Empty title="No match">No failed record has this class and reason.</Empty>}
      />
    </section>
  )
}

function columnsOf(activation: string): readonly Column<Failed>[] {
  return [
    {
      header: 'Record',
      cell: ({ record }) => (
        <Link
          to="/activations/$activation/{-$tab}"
          params={{ activation, tab: 'record' }}
          search={{ identifier: record }}
          size="sm"
          fw={600}
        >
          {record}
        </Link>
      ),
    },
    { header: 'Class', cell: ({ class: kind }) => <StatusBadge look={classLooks[kind]} /> },
    {
      header: 'Reason',
      width: '40%',
      isWide: true,
      cell: ({ code, message, field, requestId }) => (
        <div>
          <Text size="sm">{message}</Text>
          <Text size="xs" c="dimmed">
            <Link to="/errors/$code" params={{ code }} size="xs">
              <code>{code}</code>
            </Link>
            {field !== null && ` · field ${field}`}
            {requestId !== null && ` · request ${requestId}`}
          </Text>
        </div>
      ),
    },
    { header: 'Attempts', align: 'end', cell: ({ tries }) => tries },
    {
      header: 'Next attempt',
      cell: ({ retryAt, class: kind, code }) => (
        <NextTry retryAt={retryAt} waitsFor={kind !== 'rejected' ? undefined : waitsFor(code)} />
      ),
    },
    {
      header: 'Actions',
      isHeaderHidden: true,
      align: 'end',
      cell: ({ record, class: kind }) =>
        kind === 'rejected' ? (
          <RetryButton activation={activation} body={{ keys: [record] }} label="Retry" of={record} />
        ) : null,
    },
  ]
}

/** What a rejected Record without a time waits for. */
function waitsFor(code: string): string {
  return code === 'group-not-found' ? 'once it exists' : 'manual'
}

/** When the Record is due: at a time, with the next Run, or what a rejected one waits for. */
function NextTry({ retryAt, waitsFor }: { readonly retryAt: string | null; readonly waitsFor: string | undefined }) {
  const now = useNow()
  const isLater = retryAt !== null && new Date(retryAt) > now
  return (
    <Text size="sm" component="span">
      <When at={isLater ? retryAt : null} none={retryAt === null ? (waitsFor ?? 'next Run') : 'next Run'} />
    </Text>
  )
}
