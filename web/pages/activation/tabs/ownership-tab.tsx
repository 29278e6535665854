import { Progress, Stack, Text } from '@mantine/core'
import { readOwnership } from '../../../../src/api/records/contract.ts'
import { ownershipWords } from '../../../../src/model/words/activation-words.ts'
import { useApi } from '../../../lib/use-api.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Figures } from '../../../ui/figures.tsx'
import { ShieldIcon } from '../../../ui/icons.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import type { TabProps } from '../activation-tab.ts'

export function OwnershipTab({ activation }: TabProps) {
  const { name, config } = activation
  const query = useApi(readOwnership, { params: { activation: name } })
  const rule = typeof config['ownership'] === 'string' ? config['ownership'] : 'respect'
  const words = ownershipWords(activation, rule)
  if (words === null)
    return (
      <Empty title="No ownership" icon={<ShieldIcon size={24} />}>
        This Activation works on what its query returns, whoever made it.
      </Empty>
    )
  return (
    <Loaded query={query}>
      {({ managed, external, total }) => (
        <Stack gap="lg">
          <Text maw={720}>
            <strong>ownership: {rule}.</strong> {words.rule}
          </Text>
          {total === 0 ? (
            <Empty title="No records yet" icon={<ShieldIcon size={24} />}>
              After the first Run this page shows how many records in the Target are managed by this Activation, and how
              many are external.
            </Empty>
          ) : (
            <>
              <Figures
                label="Ownership"
                items={[
                  { ...words.managed, value: managed },
                  { ...words.external, value: external },
                  { label: 'Total', value: total },
                ]}
              />
              <Progress.Root
                size="xl"
                aria-label={`${Math.round((managed / total) * 100)} % ${words.managed.label.toLowerCase()}`}
              >
                <Progress.Section value={(managed / total) * 100} color="brand" aria-label={words.managed.label} />
                <Progress.Section value={(external / total) * 100} color="gray.6" aria-label={words.external.label} />
              </Progress.Root>
            </>
          )}
        </Stack>
      )}
    </Loaded>
  )
}
