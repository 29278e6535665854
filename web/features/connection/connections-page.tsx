import { Button, Group, Text, TextInput } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useState, type ReactNode } from 'react'
import { listConnections } from '../../../src/api/connections/contract.ts'
import { plural } from '../../lib/format.ts'
import { healthLooks } from '../../lib/status-words.ts'
import { usePages } from '../../lib/use-api.ts'
import { DataTable, type Column } from '../../ui/table/data-table.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { PlusIcon, SearchIcon } from '../../ui/icons.tsx'
import { Link } from '../../ui/link.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Page } from '../../ui/page.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import { When } from '../../ui/when.tsx'
import { AddConnection } from './add-connection.tsx'
import type { Connection } from './connection.ts'
import { kindWords, type Kind } from './kind-words.ts'
import { LimitsUse } from './limits-use.tsx'

/** The list of Warehouses, or of Targets. */
export function ConnectionsPage({ kind }: { readonly kind: Kind }) {
  const { many, add, what, detail } = kindWords[kind]
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search.trim(), 200)
  const [isAdding, adding] = useDisclosure()
  const navigate = useNavigate()
  const list = usePages(
    listConnections,
    { params: { kind }, query: asked === '' ? {} : { search: asked } },
    { everyMs: 30_000 },
  )
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const addButton = (
    <Button leftSection={<PlusIcon size={16} />} onClick={adding.open}>
      {add}
    </Button>
  )
  return (
    <Page title={many} subtitle={what} actions={addButton}>
      {(items.length > 0 || search !== '') && (
        <TextInput
          mb="md"
          maw={360}
          aria-label={`Search ${many}`}
          placeholder="Search by name"
          leftSection={<SearchIcon size={16} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {list.isError && <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading />}
      {list.isSuccess && items.length === 0 && <NothingThere kind={kind} search={asked} action={addButton} />}
      {items.length > 0 && (
        <DataTable caption={many} columns={columnsOf(kind)} items={items} keyOf={({ name }) => name} />
      )}
      {list.hasNextPage && (
        <Group justify="center" mt="md">
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
      <AddConnection
        kind={kind}
        opened={isAdding}
        onClose={adding.close}
        onAdded={(name) => {
          adding.close()
          void navigate({ to: detail, params: { name } })
        }}
      />
    </Page>
  )
}

function NothingThere({
  kind,
  search,
  action,
}: {
  readonly kind: Kind
  readonly search: string
  readonly action: ReactNode
}) {
  const { one, empty, icon: Icon } = kindWords[kind]
  if (search !== '') return <Empty title={`No ${one} with this name`}>Nothing matches “{search}”.</Empty>
  return (
    <Empty title={`No ${one} yet`} icon={<Icon />} action={action}>
      {empty}
    </Empty>
  )
}

function columnsOf(kind: Kind): readonly Column<Connection>[] {
  const { one, detail } = kindWords[kind]
  return [
    {
      header: one,
      cell: ({ name, type }) => (
        <>
          <Link to={detail} params={{ name }} fw={600}>
            {name}
          </Link>
          <Text size="xs" c="dimmed">
            {type}
          </Text>
        </>
      ),
    },
    {
      header: 'Health',
      cell: ({ health }) => (
        <>
          <StatusBadge look={healthLooks[health.state]} />
          {health.state === 'bad' && health.message !== null && (
            <Text size="xs" mt={4} maw={420}>
              {health.message}
            </Text>
          )}
        </>
      ),
    },
    { header: 'Last tested', cell: ({ health }) => <When at={health.at} /> },
    {
      header: 'Used by',
      cell: ({ usedBy }) =>
        usedBy.length === 0 ? (
          <Text size="sm" c="dimmed">
            nothing
          </Text>
        ) : (
          <span title={usedBy.join(', ')}>{usedBy.length === 1 ? usedBy[0] : plural(usedBy.length, 'Activation')}</span>
        ),
    },
    ...(kind === 'targets'
      ? [{ header: 'Rate limits', cell: ({ limits }: Connection) => <LimitsUse limits={limits} /> }]
      : []),
  ]
}
