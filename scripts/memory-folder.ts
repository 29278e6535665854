import { mkdir, statfs } from 'node:fs/promises'
import { freemem } from 'node:os'
import { join } from 'node:path'

const parent = '/dev/shm'
const bytesFree = 6 * 2 ** 30

/**
 * Makes a folder whose files are in memory, where there is plenty of it. The database servers of the tests make and delete thousands of files a
 * minute: on a disk that takes a fifth of all time. Undefined where there is no such place.
 */
export async function memoryFolder(name: string): Promise<string | undefined> {
  if (process.platform !== 'linux' || freemem() < bytesFree) return undefined
  try {
    const { bavail, bsize } = await statfs(parent)
    if (bavail * bsize < bytesFree) return undefined
    const folder = join(parent, name)
    await mkdir(folder, { mode: 0o755 })
    return folder
  } catch {
    return undefined
  }
}
