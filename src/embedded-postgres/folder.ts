import { closeSync, fstatSync, openSync, readlinkSync, statSync } from 'node:fs'

/** Identity of a directory: a rename or a move keeps it, a copy has another one. */
export function identityOf(directory: string): string {
  const { ino, birthtimeNs } = statSync(directory, { bigint: true })
  return `${ino}.${birthtimeNs}`
}

/** A directory whose path stays known when it is renamed or moved while we use it. */
export interface Folder {
  /** Its current path; undefined: it was deleted. Works while the process exits. */
  path(): string | undefined
  /** May be called twice. */
  close(): void
}

const deletedMark = ' (deleted)'

export function openFolder(directory: string): Folder {
  const handle = openSync(directory, 'r')
  let open = true
  return {
    path() {
      if (!open) return undefined
      if (process.platform !== 'linux') return isStillAt(directory, handle) ? directory : undefined
      const path = readlinkSync(`/proc/self/fd/${handle}`)
      // The real name of a folder may end like this.
      return path.endsWith(deletedMark) && !isStillAt(path, handle) ? undefined : path
    },
    close() {
      if (open) closeSync(handle)
      open = false
    },
  }
}

function isStillAt(path: string, handle: number): boolean {
  const [here, there] = [fstatSync(handle), statSync(path, { throwIfNoEntry: false })]
  return there !== undefined && there.ino === here.ino && there.dev === here.dev
}
