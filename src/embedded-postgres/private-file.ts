import { randomBytes } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { giveToOwnerOf } from './owner.ts'

/** Replaces the whole file. Only the owner of the directory can read it. */
export async function writePrivate(directory: string, name: string, text: string): Promise<void> {
  const file = join(directory, name)
  const fresh = join(directory, `.${name}.${randomBytes(4).toString('hex')}`)
  await writeFile(fresh, text, { mode: 0o600, flag: 'wx' })
  await giveToOwnerOf(directory, fresh)
  await rename(fresh, file)
}
