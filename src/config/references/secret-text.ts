import type { Resolved } from './reference.ts'

/** Maximum size of a value from a file or a command, in bytes. A bundle of all well-known authorities has a quarter of it. */
export const mostBytes = 1_048_576

/**
 * Bytes as the value that they hold: UTF-8, without a byte order mark and without one line break at the end, which
 * editors and commands add. PEM text keeps its last line break.
 */
export function secretText(bytes: Uint8Array): Resolved {
  if (bytes.length > mostBytes) return { trouble: `is larger than ${mostBytes / 1024} KiB` }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // The error of the decoder says no more.
    return { trouble: 'is not UTF-8 text' }
  }
  if (text.includes('\0')) return { trouble: 'contains a NUL character' }
  const value = /-----END [^\n]+-----\r?\n$/.test(text) ? text : text.replace(/\r?\n$/, '')
  return value.trim() === '' ? { trouble: 'is empty' } : { text: value }
}
