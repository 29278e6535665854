import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { deleteConnection } from '../../../src/api/connections/contract.ts'
import { plural } from '../../lib/format.ts'
import { useAction } from '../../lib/use-api.ts'
import { ActivationLinks } from '../activation/activation-links.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import type { Connection } from './connection.ts'
import { kindWords, type Kind } from './kind-words.ts'

interface DeleteConnectionProps {
  readonly kind: Kind
  readonly connection: Connection
  readonly opened: boolean
  readonly onClose: () => void
}

/** Deletes a Connection, or shows the Activations that use it and so prevent this. */
export function DeleteConnection({ kind, connection: { name, usedBy, etag }, opened, onClose }: DeleteConnectionProps) {
  const navigate = useNavigate()
  const { one } = kindWords[kind]
  const remove = useAction(deleteConnection, {
    quiet: true,
    done: () => `${name} is deleted.`,
    onDone: () => void navigate({ to: `/${kind}` }),
  })
  if (usedBy.length > 0) {
    return (
      <Modal
        opened={opened}
        onClose={onClose}
        title={`${name} cannot be deleted yet`}
        centered
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Stack>
          <Text>
            {usedBy.length === 1 ? 'One Activation uses it' : `${plural(usedBy.length, 'Activation')} use it`}:{' '}
            <ActivationLinks names={usedBy} />. First delete {usedBy.length === 1 ? 'it' : 'them'}, or select another{' '}
            {one} in {usedBy.length === 1 ? 'it' : 'them'}.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus>
              Close
            </Button>
          </Group>
        </Stack>
      </Modal>
    )
  }
  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={`Delete ${name}?`}
      verb="Delete"
      danger
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ params: { kind, name }, ifMatch: etag })}
    >
      <Text>
        No Activation uses it. Its settings and secrets are removed from Tailrace; nothing changes in the {one} itself.
      </Text>
    </ConfirmDialog>
  )
}
