import { chown, lchown, readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Whom the server runs as, when that is not us. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root; `nobody` needs no entry in /etc/passwd. */
export const nobody: Owner = { uid: 65534, gid: 65534 }

export function weAreRoot(): boolean {
  return process.getuid?.() === 0
}

/** May this user enter the directory, through all that lie above it? */
export async function canReach(directory: string, owner: Owner): Promise<boolean> {
  for (let path = directory; ; path = dirname(path)) {
    const { mode, uid, gid } = await stat(path)
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (path === dirname(path)) return true
  }
}

/** What root writes in somebody's project belongs to them, so that they can use it later without root. */
export async function giveToOwnerOf(directory: string, path: string): Promise<void> {
  if (!weAreRoot()) return
  const { uid, gid } = await stat(directory)
  await chown(path, uid, gid)
}

/** Gives a directory and all in it to somebody, itself last: cut short, it is done again. */
export async function giveTree(directory: string, owner: Owner): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) await giveTree(path, owner)
    else await lchown(path, owner.uid, owner.gid)
  }
  await chown(directory, owner.uid, owner.gid)
}
