import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { Fault } from '../../model/fault.ts'

/** By the system's error code, or by the message in which libraries (DuckDB) pass it on. */
export function isDiskFull(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error &&
    ((error as NodeJS.ErrnoException).code === 'ENOSPC' || /no space left on device/i.test(error.message))
  )
}

export function diskFull(error: NodeJS.ErrnoException): Fault {
  return new Fault(
    'transient',
    `A disk of this machine is full: ${error.message.replace(/\.$/, '')}${spaceWords(error.path)}.`,
    {
      code: 'disk-full',
      cause: error,
      mayHaveApplied: true,
      advice:
        'Free space on this disk. Nothing is lost: the next Run settles the records that were in flight and sends the rest.',
    },
  )
}

function spaceWords(path: string | undefined): string {
  if (path === undefined) return ''
  try {
    const { bavail, bsize } = statfsSync(dirname(path))
    return ` (${Math.round((bavail * bsize) / 1000)} kB are free in ${dirname(path)})`
  } catch {
    return ''
  }
}
