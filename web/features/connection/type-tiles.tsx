import { SimpleGrid, Text, UnstyledButton } from '@mantine/core'
import { listConnectorTypes } from '../../../src/api/connections/contract.ts'
import type { ReplyOf } from '../../../src/api/endpoint.ts'
import { useApi } from '../../lib/use-api.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { Loading } from '../../ui/loading.tsx'
import { kindWords, type Kind } from './kind-words.ts'
import styles from './type-tiles.module.css'

export type ConnectorType = ReplyOf<typeof listConnectorTypes>['items'][number]

/** Chooses the type of a Warehouse or Target. */
export function TypeTiles({
  kind,
  onSelect,
}: {
  readonly kind: Kind
  readonly onSelect: (type: ConnectorType) => void
}) {
  const types = useApi(listConnectorTypes, { params: { kind } })
  const { selectType, icon: Icon } = kindWords[kind]
  return (
    <section aria-label={selectType}>
      <Text fw={600} mb="sm">
        {selectType}
      </Text>
      <Loaded query={types} loading={<Loading rows={2} height={64} label="Loading types" />}>
        {({ items }) => (
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            {items.map((type) => (
              <UnstyledButton key={type.type} className={styles['tile']} onClick={() => onSelect(type)}>
                <Icon />
                <span>{type.name}</span>
              </UnstyledButton>
            ))}
          </SimpleGrid>
        )}
      </Loaded>
    </section>
  )
}
