import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import { ErrorPanel } from './error-panel.tsx'

interface ConfirmDialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: string
  /** What will happen, and what will not. */
  readonly children: ReactNode
  /** The verb on the button: "Delete", not "OK". */
  readonly verb: string
  readonly danger?: boolean
  /** Text that the user must type to enable the button, for irreversible actions. */
  readonly typeToConfirm?: string
  readonly busy?: boolean
  readonly error?: unknown
  readonly disabled?: boolean
  readonly onConfirm: () => void
}

/** Asks for confirmation. Keeps the focus inside, closes on Escape, and shows errors of the action. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {/* Mounted again each time, so that text typed earlier is gone. */}
      {props.opened && <Question {...props} />}
    </Modal>
  )
}

function Question({
  onClose,
  children,
  verb,
  danger = false,
  typeToConfirm,
  busy = false,
  error,
  disabled = false,
  onConfirm,
}: ConfirmDialogProps) {
  const [typed, setTyped] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onConfirm()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <div>{children}</div>
        {typeToConfirm !== undefined && (
          <TextInput
            label={
              <>
                Type <strong>{typeToConfirm}</strong> to confirm
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
        )}
        {error !== undefined && error !== null && <ErrorPanel error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={busy}
            color={danger ? 'red' : 'brand'}
            disabled={disabled || (typeToConfirm !== undefined && typed !== typeToConfirm)}
          >
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
