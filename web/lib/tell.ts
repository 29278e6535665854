import { notifications } from '@mantine/notifications'
import { problemOf } from './api-error.ts'

/** A toast: something is done. */
export function tellDone(message: string): void {
  notifications.show({ message, color: 'brand', autoClose: 5000, withBorder: true })
}

/** A toast that stays until it is read: something could not be done. Pages that can show it beside its cause do that instead. */
export function tellTrouble(error: unknown): void {
  const { title, detail, advice } = problemOf(error)
  notifications.show({ title, message: [detail, advice].filter(Boolean).join(' '), color: 'red', autoClose: false, withBorder: true, role: 'alert' })
}
