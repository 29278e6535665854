import { readFile } from 'node:fs/promises'
import { Fault } from '../../model/fault.ts'
import { fileTrouble } from '../../model/machine-trouble.ts'

/** Reads a text file written by the user. Throws a Fault `usage` if it is missing, not readable or not UTF-8. */
export async function readTextFile(
  file: string,
  whenMissing: { readonly code: string; readonly advice: string },
): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(file))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') throw new Fault('usage', `there is no ${file}`, { ...whenMissing, cause: error })
    const why =
      error instanceof TypeError ? 'it is not UTF-8 text' : fileTrouble(error as NodeJS.ErrnoException, 'read')
    throw new Fault('usage', `${file} cannot be read: ${why}`, { code: 'config-unreadable', cause: error })
  }
}
