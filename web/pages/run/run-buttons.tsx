import { Button, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { cancelRun } from '../../../src/api/runs/contract.ts'
import { useStartRun } from '../../features/activation/activation-menu.tsx'
import { underWay } from '../../lib/status-words.ts'
import { useAction } from '../../lib/use-api.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { PlayIcon, StopIcon, UndoIcon } from '../../ui/icons.tsx'
import type { RunSummary } from '../../features/run/run-columns.tsx'
import { UndoDialog } from './undo-dialog.tsx'

export function RunButtons({ run }: { readonly run: RunSummary }) {
  const [isCancelling, cancelling] = useDisclosure()
  const [isUndoing, undoing] = useDisclosure()
  const cancel = useAction(cancelRun, {
    quiet: true,
    done: () => `Run ${run.run} is stopping. Sent records are settled first.`,
    onDone: cancelling.close,
  })
  if (underWay.has(run.status) || run.status === 'deferred') {
    return (
      <>
        <Button variant="default" leftSection={<StopIcon size={14} />} onClick={cancelling.open}>
          Cancel the Run…
        </Button>
        <ConfirmDialog
          opened={isCancelling}
          onClose={cancelling.close}
          title={`Cancel Run ${run.run}?`}
          verb="Cancel the Run"
          danger
          busy={cancel.isPending}
          error={cancel.error}
          onConfirm={() => cancel.mutate({ params: { run: run.run } })}
        >
          <Text size="sm">
            The Run stops safely: sent records are settled, and the rest goes on hold. The next Run continues where this
            one stopped.
          </Text>
        </ConfirmDialog>
      </>
    )
  }
  if (run.status === 'failed' && run.purpose === 'run' && run.counts.delivered === 0) return <RunAgain run={run} />
  if (run.counts.delivered === 0 || run.undoneBy !== null) return null
  return (
    <>
      <Button variant="default" leftSection={<UndoIcon size={16} />} onClick={undoing.open}>
        Undo…
      </Button>
      <UndoDialog run={run} opened={isUndoing} onClose={undoing.close} />
    </>
  )
}

function RunAgain({ run: { activation } }: { readonly run: RunSummary }) {
  const start = useStartRun()
  return (
    <Button
      leftSection={<PlayIcon size={14} />}
      loading={start.isPending}
      onClick={() => start.mutate({ params: { activation }, body: {} })}
    >
      Run again
    </Button>
  )
}
