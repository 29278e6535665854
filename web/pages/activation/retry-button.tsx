import { Button } from '@mantine/core'
import { retryRecords } from '../../../src/api/activations/contract.ts'
import type { BodyOf } from '../../../src/api/endpoint.ts'
import { plural } from '../../lib/format.ts'
import { useAction } from '../../lib/use-api.ts'
import { RetryIcon } from '../../ui/icons.tsx'

interface RetryButtonProps {
  readonly activation: string
  /** Keys or reason codes; neither: all. */
  readonly body: BodyOf<typeof retryRecords>
  readonly label: string
  /** What is retried, for screen readers. */
  readonly of: string
}

/** Makes Records due again, and starts a Run for them. */
export function RetryButton({ activation, body, label, of }: RetryButtonProps) {
  const act = useAction(retryRecords, {
    done: ({ due }) =>
      due === 0
        ? 'No failed record was left to retry.'
        : `${plural(due, 'record')} will be tried again in a Run that starts now.`,
  })
  return (
    <Button
      size="xs"
      variant="light"
      leftSection={<RetryIcon size={14} />}
      loading={act.isPending}
      aria-label={`${label}: ${of}`}
      onClick={() => act.mutate({ params: { activation }, body })}
    >
      {label}
    </Button>
  )
}
