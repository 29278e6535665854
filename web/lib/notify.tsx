import { Anchor } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { problemOf } from './api-error.ts'

/** A toast for a success. With `undo`, it has an Undo button. */
export function notifyDone(message: string, undo?: () => void): void {
  const id = notifications.show({
    color: 'brand',
    autoClose: undo === undefined ? 5000 : 10_000,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Close' },
    message:
      undo === undefined ? (
        message
      ) : (
        <>
          {message}{' '}
          <Anchor
            component="button"
            type="button"
            size="sm"
            fw={600}
            onClick={() => {
              notifications.hide(id)
              undo()
            }}
          >
            Undo
          </Anchor>
        </>
      ),
  })
}

/** A toast for an error, shown until it is closed. Pages that can show the error beside its cause do not use it. */
export function notifyTrouble(error: unknown): void {
  const { title, detail, advice } = problemOf(error)
  notifications.show({
    title,
    message: [detail, advice].filter(Boolean).join(' '),
    color: 'red',
    autoClose: false,
    withBorder: true,
    role: 'alert',
    closeButtonProps: { 'aria-label': 'Close' },
  })
}
