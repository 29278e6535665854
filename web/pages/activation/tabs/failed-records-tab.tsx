import { Group, Stack, Text, Title } from '@mantine/core'
import type { z } from 'zod'
import { exportFailedRecords, listFailures, type failureGroup } from '../../../../src/api/records/contract.ts'
import { outcomeWords } from '../../../../src/model/words/outcomes.ts'
import { addressOf } from '../../../lib/call.ts'
import { plural } from '../../../lib/format.ts'
import { useApi } from '../../../lib/use-api.ts'
import { DownloadLink } from '../../../ui/table/download-link.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { CheckIcon } from '../../../ui/icons.tsx'
import { Loaded } from '../../../ui/loaded.tsx'
import type { TabProps } from '../activation-tab.ts'
import { FailedRecordList } from './failed-record-list.tsx'
import { FailureGroup } from './failure-group.tsx'
import { InvalidRows } from '../../../features/run/invalid-rows.tsx'
import { RetryButton } from '../retry-button.tsx'

type Reason = z.output<typeof failureGroup>

const classes: readonly { readonly name: Reason['class']; readonly title: string; readonly about: string }[] = [
  { name: 'on-hold', title: 'Records on Hold', about: outcomeWords['on-hold'].meaning },
  { name: 'rejected', title: 'Records not Loaded', about: outcomeWords.rejected.meaning },
  { name: 'unconfirmed', title: 'Records Unconfirmed', about: outcomeWords.unconfirmed.meaning },
]

/** Unresolved failures: first by class and reason, then one by one. */
export function FailedRecordsTab({ activation }: TabProps) {
  const { name } = activation
  const query = useApi(listFailures, { params: { activation: name } }, { everyMs: 30_000 })
  return (
    <Loaded query={query}>
      {({ groups, invalidRows }) =>
        groups.length === 0 && invalidRows.length === 0 ? (
          <Empty title="No failed records" icon={<CheckIcon size={24} />}>
            No record is on hold, not loaded or unconfirmed, and no row of the last Run was invalid. Failures of later
            Runs are listed here by reason.
          </Empty>
        ) : (
          <Stack gap="xl">
            {classes.map((of) => (
              <ClassSection
                key={of.name}
                {...of}
                activation={name}
                groups={groups.filter((group) => group.class === of.name)}
              />
            ))}
            {invalidRows.length > 0 && <InvalidRows groups={invalidRows} />}
            {groups.length > 0 && (
              <FailedRecordList activation={name} codes={[...new Set(groups.map(({ code }) => code))]} />
            )}
          </Stack>
        )
      }
    </Loaded>
  )
}

function ClassSection({
  name,
  title,
  about,
  activation,
  groups,
}: (typeof classes)[number] & { readonly activation: string; readonly groups: readonly Reason[] }) {
  if (groups.length === 0) return null
  const total = groups.reduce((sum, group) => sum + group.count, 0)
  return (
    <section aria-label={title}>
      <Group justify="space-between" mb="sm">
        <div>
          <Title order={2} size="h4">
            {title} · {plural(total, 'record')}
          </Title>
          <Text size="sm" c="dimmed">
            {about}
          </Text>
        </div>
        <Group gap="xs">
          <DownloadLink href={addressOf(exportFailedRecords, { params: { activation }, query: { class: name } })}>
            Export CSV
          </DownloadLink>
          {name === 'rejected' && (
            <RetryButton activation={activation} body={{}} label="Retry all" of={plural(total, 'record')} />
          )}
        </Group>
      </Group>
      <Stack gap="sm">
        {groups.map((group) => (
          <FailureGroup key={group.code} activation={activation} group={group} />
        ))}
      </Stack>
    </section>
  )
}
