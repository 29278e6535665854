import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { groupRunRecords } from '../../../src/api/runs/contract.ts'
import { plural } from '../../lib/format.ts'
import { recordLooks } from '../../lib/status-words.ts'
import { useApi } from '../../lib/use-api.ts'
import { Link } from '../../ui/link.tsx'
import { InvalidRows } from '../../features/run/invalid-rows.tsx'
import type { RunSummary } from '../../features/run/run-columns.tsx'
import { StatusBadge } from '../../ui/status-badge.tsx'

/** Why Records of this Run failed: each reason once, with what to do and a link to its Records below. */
export function RunReasons({ run: { run, counts } }: { readonly run: RunSummary }) {
  const hasFailures = counts.rejected + counts.onHold + counts.unconfirmed + counts.invalid > 0
  const query = useApi(groupRunRecords, { params: { run } }, { enabled: hasFailures })
  if (!hasFailures || query.data === undefined) return null
  const { groups, invalidRows } = query.data
  const failed = groups.filter(({ status }) => status !== 'delivered' && status !== 'in-place')
  return (
    <>
      {failed.length > 0 && (
        <section aria-label="Why records failed">
          <Title order={2} size="h4" mb="sm">
            Why records failed
          </Title>
          <Stack gap="sm">
            {failed.map(({ status, code, count, title, advice }) => (
              <Paper key={`${status} ${code}`} withBorder p="md">
                <Group gap="xs">
                  <StatusBadge look={recordLooks[status]} />
                  <Text fw={600}>{title}</Text>
                  <Text size="sm" c="dimmed">
                    {plural(count, 'record')}
                  </Text>
                </Group>
                <Text size="sm" mt={6}>
                  <strong>What to do: </strong>
                  {advice}
                </Text>
                <Group gap="md" mt={4}>
                  <Text size="xs">
                    Code{' '}
                    <Link to="/errors/$code" params={{ code }} size="xs">
                      <code>{code}</code>
                    </Link>
                  </Text>
                  <Link to="." search={{ status, code }} resetScroll={false} replace size="xs" hash="records">
                    Show {count === 1 ? 'it' : 'them'} below
                  </Link>
                </Group>
              </Paper>
            ))}
          </Stack>
        </section>
      )}
      {invalidRows.length > 0 && <InvalidRows groups={invalidRows} />}
    </>
  )
}
