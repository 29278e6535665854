import { constants, open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileTrouble } from '../../model/machine-trouble.ts'
import type { Resolved } from './reference.ts'
import { mostBytes, secretText } from './secret-text.ts'

/** Reads a value from a file. The path is relative to `dir`; links are followed, `~` is a name like any other. */
export async function readSecretFile(path: string, dir: string): Promise<Resolved> {
  const trouble = (why: string): Resolved => ({ trouble: `the file "${path}" cannot be used: ${why}` })
  if (path.includes('\0')) return trouble('its path contains a NUL character')
  const home = path.startsWith('~') ? '; "~" is not the home directory here: write the whole path' : ''
  try {
    // Without O_NONBLOCK, opening a named pipe would wait for its writer.
    const file = await open(resolve(dir, path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const stats = await file.stat()
      if (stats.isDirectory()) return trouble('it is a directory')
      if (!stats.isFile()) return trouble('it is not a regular file')
      const bytes = Buffer.alloc(mostBytes + 1)
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
      const value = secretText(bytes.subarray(0, bytesRead))
      return 'trouble' in value ? trouble(`it ${value.trouble}`) : value
    } finally {
      await file.close()
    }
  } catch (error) {
    return trouble(fileTrouble(error as NodeJS.ErrnoException, 'read') + home)
  }
}
