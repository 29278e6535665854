import { Group, Paper, Text } from '@mantine/core'
import type { z } from 'zod'
import type { recordStory } from '../../../../src/api/records/contract.ts'
import { recordStatus } from '../../../../src/api/runs/contract.ts'
import { operationWord } from '../../../../src/model/words/plan-lines.ts'
import { recordLooks, type StatusLook } from '../../../lib/status-words.ts'
import { BeforeAfter } from '../../../ui/before-after.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Link } from '../../../ui/link.tsx'
import { StatusBadge } from '../../../ui/status-badge.tsx'
import { When } from '../../../ui/when.tsx'
import { RequestAndAnswer } from './request-and-answer.tsx'

type Event = z.output<typeof recordStory>['events'][number]

const failed: ReadonlySet<string> = new Set(['rejected', 'on-hold', 'unconfirmed'])

/** One operation on a Record, and its Outcome. */
export function StoryEvent({
  record,
  event: { at, run, operation, status, code, message, groups, before, after, requestId, undoes },
}: {
  readonly record: string
  readonly event: Event
}) {
  return (
    <Paper component="li" withBorder p="md">
      <Group gap="xs">
        <StatusBadge look={lookOf(status)} />
        <Text fw={600}>
          {operationWord(operation)}
          {groups.length > 0 && ` ${groups.join(', ')}`}
        </Text>
        <Text size="sm" c="dimmed">
          <When at={at} /> ·{' '}
          <Link to="/runs/$run" params={{ run: String(run) }} size="sm">
            Run {run}
          </Link>
          {undoes !== null && `, undoing Run ${undoes}`}
        </Text>
      </Group>
      {message !== null && (
        <Text size="sm" mt={6} style={{ overflowWrap: 'anywhere' }}>
          {message}
          {code !== null && (
            <>
              {' '}
              <Link to="/errors/$code" params={{ code }} size="sm">
                <code>{code}</code>
              </Link>
            </>
          )}
        </Text>
      )}
      <BeforeAfter before={before} after={after} />
      {requestId !== null && (
        <Group gap={4} mt={4}>
          <Text size="xs" c="dimmed">
            Request <code>{requestId}</code>
          </Text>
          <CopyButton value={requestId} label="Copy the request id" />
        </Group>
      )}
      {code !== null && failed.has(status) && <RequestAndAnswer run={run} record={record} code={code} />}
    </Paper>
  )
}

function lookOf(status: string): StatusLook {
  const known = recordStatus.safeParse(status).data
  return known === undefined ? { word: status, tone: 'quiet', icon: 'dash', meaning: status } : recordLooks[known]
}
