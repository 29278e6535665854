import { open, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Fault } from '../../model/fault.ts'
import { fileTrouble } from '../../model/machine-trouble.ts'

export interface OutputFile {
  readonly file: string
  /** The code of the Fault if the file cannot be written. */
  readonly code: string
  /** The option that named the file: `--out`. */
  readonly option: string
  /** True: write a temporary file, then rename it. False: write in place, which also works for devices and pipes. */
  readonly isReplaced: boolean
  /** The config file, which must not be overwritten. */
  readonly not: string
}

/** Checks before any work that the file can be written. Leaves an existing file unchanged. */
export async function checkOutputFile({ file, code, option, isReplaced, not }: OutputFile): Promise<void> {
  const reject = (why: string, cause?: unknown): Fault =>
    new Fault('usage', `${file} cannot be written: ${why}.`, {
      code,
      advice: `Name another file with ${option}.`,
      ...(cause !== undefined && { cause }),
    })
  const there = await stat(file).catch(() => undefined)
  if (there?.isDirectory() === true) throw reject('it is a directory')
  if (resolve(file) === resolve(not)) throw reject('it is the config file')
  if (there !== undefined && !there.isFile()) {
    if (isReplaced) throw reject('it is not a regular file')
    return
  }
  const probe = isReplaced || there === undefined ? `${file}.${process.pid}.try` : file
  try {
    await (await open(probe, probe === file ? 'a' : 'wx', 0o600)).close()
    if (probe !== file) await rm(probe)
  } catch (error) {
    throw reject(fileTrouble(error as NodeJS.ErrnoException, 'write'), error)
  }
}
