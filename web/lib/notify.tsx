import { Anchor } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { problemOf } from './api-error.ts'

/** A toast: something is done. With `undo`, a button that takes it back. */
export function notifyDone(message: string, undo?: () => void): void {
  const id = notifications.show({
    color: 'brand', autoClose: undo === undefined ? 5000 : 10_000, withBorder: true, closeButtonProps: { 'aria-label': 'Close' },
    message: undo === undefined ? message : <>{message} <Anchor component="button" type="button" size="sm" fw={600} onClick={() => { notifications.hide(id); undo() }}>Undo</Anchor></>,
  })
}

/** A toast that stays until it is read: something could not be done. Pages that can show it beside its cause do that instead. */
export function notifyTrouble(error: unknown): void {
  const { title, detail, advice } = problemOf(error)
  notifications.show({
    title, message: [detail, advice].filter(Boolean).join(' '), color: 'red', autoClose: false, withBorder: true, role: 'alert', closeButtonProps: { 'aria-label': 'Close' },
  })
}
