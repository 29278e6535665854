import { Progress, Stack, Text } from '@mantine/core'
import { readOwnership } from '../../../../src/api/records/contract.ts'
import { useApi } from '../../../lib/use-api.ts'
import { Empty } from '../../../ui/empty.tsx'
import { Figures } from '../../../ui/figures.tsx'
import { ShieldIcon } from '../../../ui/icons.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import type { TabProps } from '../activation-tab.ts'

const rules: Readonly<Record<string, string>> = {
  respect: 'What others added stays external: this Activation never removes or changes it.',
  adopt:
    'What is found in place becomes managed: when it is removed from the query, it is treated like what Tailrace wrote.',
  enforce: 'Only what the query selects may stay: what others added is removed, too.',
}

export function OwnershipTab({ activation: { name, config } }: TabProps) {
  const query = useApi(readOwnership, { params: { activation: name } })
  const rule = typeof config['ownership'] === 'string' ? config['ownership'] : 'respect'
  return (
    <Loaded query={query}>
      {({ managed, external, total }) => (
        <Stack gap="lg">
          <Text maw={720}>
            <strong>ownership: {rule}.</strong> {rules[rule]}
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
                  { label: 'Managed', value: managed, meaning: 'Added or created by this Activation.' },
                  {
                    label: 'External',
                    value: external,
                    meaning: 'There before this Activation wrote, or added by a person.',
                  },
                  { label: 'Total', value: total },
                ]}
              />
              <Progress.Root size="xl" aria-label={`${Math.round((managed / total) * 100)} % managed`}>
                <Progress.Section value={(managed / total) * 100} color="brand" aria-label="Managed" />
                <Progress.Section value={(external / total) * 100} color="gray.6" aria-label="External" />
              </Progress.Root>
            </>
          )}
        </Stack>
      )}
    </Loaded>
  )
}
