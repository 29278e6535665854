import { Button, Group, Stack, Text } from '@mantine/core'
import { cancelWaiting, listWaiting } from '../../../src/api/activations/contract.ts'
import { useAction, useApi } from '../../lib/use-api.ts'
import { Notice } from '../../ui/notice.tsx'
import { When } from '../../ui/when.tsx'
import type { TabProps } from './activation-tab.ts'

/** Queued Runs that have not started: all workers are busy, or there is none. */
export function WaitingRuns({ activation: { name } }: TabProps) {
  const waiting = useApi(listWaiting, { params: { activation: name } }, { everyMs: 5_000 })
  const cancel = useAction(cancelWaiting, {
    done: ({ gone }) =>
      gone
        ? 'The Run is no longer in the queue: it has started, or was removed before.'
        : 'The Run was removed from the queue. Nothing was sent.',
  })
  const items = waiting.data?.items ?? []
  if (items.length === 0) return null
  return (
    <Stack gap="xs">
      {items.map(({ job, what, undoes, scheduled, since }) => (
        <Notice
          key={job}
          tone="busy"
          role="status"
          title={
            what === 'undo' ? `The undo of Run ${undoes} waits for a free worker` : 'A Run waits for a free worker'
          }
        >
          <Group justify="space-between" gap="xs">
            <Text size="sm">
              Since <When at={since} />. It starts when a worker is free.
            </Text>
            {!scheduled && (
              <Button
                size="xs"
                variant="default"
                loading={cancel.isPending}
                onClick={() => cancel.mutate({ params: { activation: name, job } })}
              >
                Remove from the queue
              </Button>
            )}
          </Group>
        </Notice>
      ))}
    </Stack>
  )
}
