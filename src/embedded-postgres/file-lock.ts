import { chownSync, closeSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '../model/fault.ts'

export type LockMode = 'shared' | 'exclusive'

export interface FileLock {
  /** May be called twice. */
  release(): void
}

const sqliteBusy = 5

/**
 * Takes a lock between processes on an (empty) file; undefined: another process holds it. The kernel drops the lock
 * when its process dies for any reason, so it is never stale, and no pid has to be guessed. Node has no flock; SQLite's
 * file locking is a well-maintained one on every platform. Synchronous, so that it works while the process exits;
 * `patienceMs` blocks the process for up to that time.
 */
export function tryLock(file: string, mode: LockMode, patienceMs = 0): FileLock | undefined {
  let handle: DatabaseSync | undefined
  try {
    createPrivate(file)
    const opened = (handle = new DatabaseSync(file, { timeout: patienceMs }))
    opened.exec(mode === 'exclusive' ? 'begin exclusive' : 'begin; select 1 from sqlite_schema')
    return {
      release: () => {
        if (opened.isOpen) opened.close()
      },
    }
  } catch (error) {
    handle?.close()
    if (isBusy(error)) return undefined
    throw new Fault('usage', `Cannot lock ${file}: ${error instanceof Error ? error.message : String(error)}.`, {
      code: 'lock-failed',
      advice:
        'You need write permission for the directory, and it must be on a local disk (TAILRACE_HOME sets another directory). Or set DATABASE_URL.',
      cause: error,
    })
  }
}

/** Waits until the lock is free; undefined when it is still taken after `timeoutMs`. */
export async function lockWithin(file: string, mode: LockMode, timeoutMs: number): Promise<FileLock | undefined> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const lock = tryLock(file, mode)
    if (lock !== undefined || performance.now() > deadline) return lock
    await delay(10)
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
}

/** Never opens an existing file: closing it again would drop the locks that this process holds on it (POSIX). */
function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return
    throw error
  }
  if (process.getuid?.() === 0) {
    const { uid, gid } = statSync(dirname(file))
    chownSync(file, uid, gid)
  }
}
