import { Text } from '@mantine/core'
import { deleteActivation, readActivation } from '../../../src/api/activations/contract.ts'
import { count } from '../../lib/format.ts'
import { useAction, useApi } from '../../lib/use-api.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'

interface DeleteActivationProps {
  readonly name: string
  readonly opened: boolean
  readonly onClose: () => void
  readonly onDeleted?: () => void
}

/** The user must type the name, because the Activation's stored state cannot be restored. */
export function DeleteActivation({ name, opened, onClose, onDeleted }: DeleteActivationProps) {
  const detail = useApi(readActivation, { params: { activation: name } }, { enabled: opened })
  const act = useAction(deleteActivation, {
    quiet: true,
    done: () => `${name} is deleted. The Target was not changed.`,
    onDone: () => {
      onClose()
      onDeleted?.()
    },
  })
  const held = detail.data?.standing.held ?? 0
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Delete ${name}?`}
      verb="Delete"
      danger
      typeToConfirm={name}
      busy={act.isPending}
      error={act.error ?? detail.error}
      disabled={detail.data === undefined}
      onConfirm={() => {
        if (detail.data !== undefined) act.mutate({ params: { activation: name }, ifMatch: detail.data.etag })
      }}
    >
      <Text size="sm">
        This deletes the Activation and its state
        {held > 0 ? `, such as which ${count(held)} records the Target holds because of it` : ''}. Nothing changes in
        the Target: attached tags and written values stay. Its Runs can no longer be undone.
      </Text>
      <Text size="sm" mt="xs">
        To only stop the schedule, pause the Activation instead.
      </Text>
    </ConfirmDialog>
  )
}
