import { Button, Group, Radio, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { listConnections } from '../../../src/api/connections/contract.ts'
import { wordsAt, type FieldError } from '../../lib/field-errors.ts'
import { healthLooks } from '../../lib/status-words.ts'
import { usePages } from '../../lib/use-api.ts'
import { AddConnection } from '../../features/connection/add-connection.tsx'
import { kindWords, type Kind } from '../../features/connection/kind-words.ts'
import { Empty } from '../../ui/empty.tsx'
import { ErrorPanel } from '../../ui/error-panel.tsx'
import { PlusIcon } from '../../ui/icons.tsx'
import { Loading } from '../../ui/loading.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'
import styles from './connection-step.module.css'

interface ConnectionStepProps {
  readonly kind: Kind
  readonly title: string
  readonly value: string
  readonly errors: readonly FieldError[]
  readonly onChange: (name: string) => void
  /** Called when a new Connection was added and chosen. */
  readonly onAdded: (name: string) => void
}

/** Chooses a Warehouse or Target, or adds one in a dialog. */
export function ConnectionStep({ kind, title, value, errors, onChange, onAdded }: ConnectionStepProps) {
  const [isAdding, { open, close }] = useDisclosure()
  const list = usePages(listConnections, { params: { kind }, query: { limit: 200 } })
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const { one, add, empty, icon: Icon } = kindWords[kind]
  const addButton = (
    <Button variant={items.length === 0 ? 'filled' : 'default'} leftSection={<PlusIcon size={16} />} onClick={open}>
      {add}
    </Button>
  )
  const isGone = list.isSuccess && !list.hasNextPage && value !== '' && items.every(({ name }) => name !== value)
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h4" id="connection-step">
          {title}
        </Title>
        {items.length > 0 && addButton}
      </Group>
      {list.isError && <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Loading rows={3} height={56} label={`Loading ${kind}`} />}
      {list.isSuccess && items.length === 0 && (
        <Empty title={`No ${one} yet`} icon={<Icon />} action={addButton}>
          {empty}
        </Empty>
      )}
      {isGone && (
        <Text size="sm" c="var(--tone-bad-text)" role="alert">
          The {one} “{value}” no longer exists. Select another one.
        </Text>
      )}
      {items.length > 0 && (
        <Radio.Group
          aria-labelledby="connection-step"
          value={value}
          onChange={onChange}
          error={wordsAt(errors, kind === 'warehouses' ? '/warehouse' : '/target')}
        >
          <Stack gap="xs">
            {items.map(({ name, type, health }) => (
              <Radio.Card key={name} value={name} className={styles['card']} aria-label={name}>
                <Group wrap="nowrap" align="flex-start">
                  <Radio.Indicator />
                  <div style={{ flex: 1, minWidth: 0 }}>
                    <Group justify="space-between" gap="xs">
                      <div>
                        <Text fw={600} component="span">
                          {name}
                        </Text>{' '}
                        <Text size="sm" c="dimmed" component="span">
                          {type}
                        </Text>
                      </div>
                      <StatusBadge look={healthLooks[health.state]} />
                    </Group>
                    {health.state === 'bad' && health.message !== null && (
                      <Text size="sm" mt={4}>
                        {health.message}
                      </Text>
                    )}
                  </div>
                </Group>
              </Radio.Card>
            ))}
          </Stack>
        </Radio.Group>
      )}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
      <AddConnection
        kind={kind}
        opened={isAdding}
        onClose={close}
        onAdded={(name) => {
          close()
          onAdded(name)
        }}
      />
    </Stack>
  )
}
