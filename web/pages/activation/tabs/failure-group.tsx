import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { z } from 'zod'
import type { failureGroup } from '../../../../src/api/records/contract.ts'
import { plural } from '../../../lib/format.ts'
import { classLooks } from '../../../lib/status-words.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Link } from '../../../ui/link.tsx'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import { When } from '../../../ui/when.tsx'
import { RequestAndAnswer } from './request-and-answer.tsx'
import { RetryButton } from '../retry-button.tsx'

interface FailureGroupProps {
  readonly activation: string
  readonly group: z.output<typeof failureGroup>
}

/** Failures of one class and code: the meaning, what to do, examples, and a retry button. */
export function FailureGroup({ activation, group }: FailureGroupProps) {
  const { class: kind, code, count: n, title, advice, sample } = group
  return (
    <Paper withBorder p="md" component="article" aria-label={`${title}: ${plural(n, 'record')}`}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <div style={{ flex: '1 1 280px', minWidth: 0 }}>
          <Group gap="xs">
            <StatusBadge look={classLooks[kind]} />
            <Title order={3} size="h5">
              {title}
            </Title>
            <Text size="sm" c="dimmed">
              {plural(n, 'record')}
            </Text>
          </Group>
          <Text size="sm" mt={6}>
            <strong>What to do: </strong>
            {advice}
          </Text>
          <Text size="xs" mt={4}>
            Code{' '}
            <Link to="/errors/$code" params={{ code }} size="xs" underline="always">
              <code>{code}</code>
            </Link>
          </Text>
        </div>
        {kind === 'rejected' && (
          <RetryButton
            activation={activation}
            body={{ codes: [code] }}
            label="Retry these"
            of={`${title}, ${plural(n, 'record')}`}
          />
        )}
      </Group>
      {sample.length > 0 && (
        <Stack component="ul" gap={6} m={0} mt="sm" p={0} style={{ listStyle: 'none' }} aria-label="Examples">
          {sample.map(({ record, message, run, at, requestId }) => (
            <li key={record} style={{ fontSize: '0.875rem', overflowWrap: 'anywhere' }}>
              <Link
                to="/activations/$activation/{-$tab}"
                params={{ activation, tab: 'record' }}
                search={{ identifier: record }}
                size="sm"
                fw={600}
              >
                {record}
              </Link>{' '}
              <span>{message}</span>{' '}
              <Text component="span" size="xs" c="dimmed">
                Run {run}, <When at={at} />
                {requestId !== null && (
                  <>
                    , request <code>{requestId}</code> <CopyButton value={requestId} label="Copy the request id" />
                  </>
                )}
              </Text>
              <RequestAndAnswer run={run} record={record} code={code} />
            </li>
          ))}
          {n > sample.length && (
            <Text component="li" size="sm" c="dimmed">
              and {plural(n - sample.length, 'other', 'others')}, listed below
            </Text>
          )}
        </Stack>
      )}
    </Paper>
  )
}
