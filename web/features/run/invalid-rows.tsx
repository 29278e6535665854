import { Paper, Stack, Text, Title } from '@mantine/core'
import { plural } from '../../lib/format.ts'
import { Link } from '../../ui/link.tsx'

interface InvalidRowsProps {
  readonly groups: readonly {
    readonly code: string
    readonly count: number
    readonly column: string
    readonly sample: readonly { readonly record: string | null; readonly message: string }[]
  }[]
}

/** Invalid rows: without identifier, duplicates, impossible values. */
export function InvalidRows({ groups }: InvalidRowsProps) {
  const total = groups.reduce((sum, { count }) => sum + count, 0)
  return (
    <section aria-label="Invalid rows">
      <Title order={2} size="h4">
        Invalid rows · {plural(total, 'row')}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        The last Run could not convert these rows to records. Correct the query or the data.
      </Text>
      <Stack gap="sm">
        {groups.map(({ code, column, count, sample }) => (
          <Paper key={`${code} ${column}`} withBorder p="md">
            <Text size="sm">
              <strong>{plural(count, 'row')}</strong> ·{' '}
              <Link to="/errors/$code" params={{ code }} size="sm">
                <code>{code}</code>
              </Link>{' '}
              in “{column}”
            </Text>
            <ul style={{ margin: '6px 0 0', paddingLeft: 18, fontSize: '0.875rem', overflowWrap: 'anywhere' }}>
              {sample.map(({ record, message }) => (
                <li key={`${record}${message}`}>
                  {record !== null && <strong>{record}: </strong>}
                  {message}
                </li>
              ))}
            </ul>
          </Paper>
        ))}
      </Stack>
    </section>
  )
}
