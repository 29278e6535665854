import { closeSync, fstatSync, openSync, readlinkSync, statSync } from 'node:fs'

/** Tells one directory from every copy of it: a rename or a move keeps this, a copy never has it. */
export function identityOf(directory: string): string {
  const { ino, birthtimeNs } = statSync(directory, { bigint: true })
  return `${ino}.${birthtimeNs}`
}

/** A directory that is followed when somebody renames or moves it while we work in it. */
export interface Folder {
  /** Where it is now; undefined once it was deleted. Works while the process exits. */
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
      // A folder may really be called so.
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
