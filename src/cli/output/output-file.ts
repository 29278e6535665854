import { open, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Fault } from '../../model/fault.ts'
import { fileTrouble } from '../../model/file-trouble.ts'

export interface OutputFile {
  readonly file: string
  /** Of the Fault where it cannot be written. */
  readonly code: string
  /** As the person gave it: `--out`. */
  readonly option: string
  /** It is made beside its place and moved there when it is whole; else it is written in place, which works for devices and pipes too. */
  readonly isReplaced: boolean
  /** The config file: that it is meant is never true. */
  readonly not: string
}

/** Finds out that a file can be written before any work is done for it. Leaves it as it is. */
export async function checkOutputFile({ file, code, option, isReplaced, not }: OutputFile): Promise<void> {
  const reject = (why: string, cause?: unknown): Fault =>
    new Fault('usage', `${file} cannot be written: ${why}.`, { code, advice: `Name another place with ${option}.`, ...cause !== undefined && { cause } })
  const there = await stat(file).catch(() => undefined)
  if (there?.isDirectory() === true) throw reject('it is a directory')
  if (resolve(file) === resolve(not)) throw reject('it is the config')
  if (there !== undefined && !there.isFile()) {
    if (isReplaced) throw reject('it is not a file')
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
