import { Button, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { isSavedSecret } from '../../lib/form-schema.ts'
import { RetryIcon } from '../../ui/icons.tsx'
import type { Connection } from './connection.ts'
import { EditConnection } from './edit-connection.tsx'
import type { Kind } from './kind-words.ts'

/** Replaces only the secrets of a Connection. Hidden if it has none. */
export function Reauthorise({ kind, connection }: { readonly kind: Kind; readonly connection: Connection }) {
  const [isOpen, { open, close }] = useDisclosure()
  const hasSecret = Object.values(connection.config).some(
    (value) => isSavedSecret(value) || (typeof value === 'string' && /\$\{|^(env|file):/.test(value)),
  )
  if (!hasSecret) return null
  return (
    <>
      <Button variant="default" leftSection={<RetryIcon size={16} />} onClick={open}>
        Re-authorise
      </Button>
      <Modal
        opened={isOpen}
        onClose={close}
        title={`Re-authorise ${connection.name}`}
        closeButtonProps={{ 'aria-label': 'Close' }}
        closeOnClickOutside={false}
      >
        <Stack>
          <Text size="sm">
            Replace a token or password that was changed or has expired. Tailrace tests the new one before it saves it.
            Activations use it from their next Run.
          </Text>
          <EditConnection kind={kind} connection={connection} secretsAlone onSaved={close} />
        </Stack>
      </Modal>
    </>
  )
}
