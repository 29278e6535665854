import { Text } from '@mantine/core'
import { deleteActivation, readActivation } from '../../../src/api/activations/contract.ts'
import { plainNouns } from '../../../src/model/noun.ts'
import { deletionWords } from '../../../src/model/words/activation-words.ts'
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
      <Text size="sm">{deletionWords(detail.data ?? { nouns: plainNouns }, held)}</Text>
      <Text size="sm" mt="xs">
        To only stop the schedule, pause the Activation instead.
      </Text>
    </ConfirmDialog>
  )
}
