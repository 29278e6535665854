import { chown, lchown, readdir, stat, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { randomBytes } from 'node:crypto'

/** The user that the server runs as, if not ours. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL does not run as root; the user `nobody` needs no entry in /etc/passwd. */
export const nobody: Owner = { uid: 65534, gid: 65534 }

export function weAreRoot(): boolean {
  return process.getuid?.() === 0
}

/** Whether this user may enter the directory and all directories above it. */
export async function canReach(directory: string, owner: Owner): Promise<boolean> {
  for (let path = directory; ; path = dirname(path)) {
    const { mode, uid, gid } = await stat(path)
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (path === dirname(path)) return true
  }
}

/** A file that root writes into another user's project gets that user as owner, so that it works later without root. */
export async function giveToOwnerOf(directory: string, path: string): Promise<void> {
  if (!weAreRoot()) return
  const { uid, gid } = await stat(directory)
  await chown(path, uid, gid)
}

/** Changes the owner of a directory and its contents, the directory last: an interrupted change is done again. */
export async function giveTree(directory: string, owner: Owner): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) await giveTree(path, owner)
    else await lchown(path, owner.uid, owner.gid)
  }
  await chown(directory, owner.uid, owner.gid)
}

/** Replaces the whole file. Only the owner of the directory can read it. */
export async function writePrivate(directory: string, name: string, text: string): Promise<void> {
  const file = join(directory, name)
  const fresh = join(directory, `.${name}.${randomBytes(4).toString('hex')}`)
  await writeFile(fresh, text, { mode: 0o600, flag: 'wx' })
  await giveToOwnerOf(directory, fresh)
  await rename(fresh, file)
}
