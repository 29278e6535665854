import { Fault } from './fault.ts'

/** The resource that this machine has run out of. */
export type MachineCode = 'too-many-files' | 'disk-full' | 'out-of-memory'

export interface MachineTrouble {
  readonly code: MachineCode
  /** "this machine allows no more open files (EMFILE)" */
  readonly words: string
  readonly advice: string
}

/** The resource that this machine lacks, from a Node error or its causes; undefined: another error. */
export function machineTrouble(error: unknown): MachineTrouble | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = nextOf(at), depth += 1) {
    const { code } = at as { readonly code?: unknown }
    const known = typeof code === 'string' ? lacks[code] : undefined
    if (known !== undefined) return { ...known, words: `${known.words} (${String(code)})` }
  }
  return undefined
}

/** The same as a Fault. A request in flight may have been applied. */
export function machineFault(error: unknown): Fault | undefined {
  const trouble = machineTrouble(error)
  return (
    trouble &&
    new Fault('transient', `Tailrace cannot continue: ${trouble.words}.`, {
      code: trouble.code,
      advice: trouble.advice,
      mayHaveApplied: true,
      cause: error,
    })
  )
}

/** A connection attempt to several addresses fails with one error per address. */
function nextOf(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : error.cause
}

const files: MachineTrouble = {
  code: 'too-many-files',
  words: 'this machine allows no more open files and connections',
  advice:
    'Raise the limit (ulimit -n; LimitNOFILE= of a systemd unit; --ulimit nofile= of a container), or set a lower concurrency on the targets.',
}
const disk: MachineTrouble = {
  code: 'disk-full',
  words: 'a disk of this machine is full',
  advice: 'Free space on the disks of the project folder, of .tailrace in it, and of the folder for temporary files.',
}
const memory: MachineTrouble = {
  code: 'out-of-memory',
  words: 'this machine has no free memory',
  advice: 'Give the machine or the container more memory, or run fewer activations at a time.',
}
const lacks: Readonly<Record<string, MachineTrouble>> = {
  EMFILE: files,
  ENFILE: files,
  ENOSPC: disk,
  EDQUOT: disk,
  ENOMEM: memory,
  ENOBUFS: memory,
  ERR_WORKER_OUT_OF_MEMORY: memory,
}

const common: Readonly<Record<string, string>> = {
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links form a loop',
  EMFILE: 'too many files are open',
}

/** Why a file cannot be read or written, in words for users, from a file system error. */
export function fileTrouble({ code = '', message }: NodeJS.ErrnoException, doing: 'read' | 'write'): string {
  if (code === 'ENOENT') return doing === 'read' ? 'there is no such file' : 'its directory does not exist'
  if (code === 'EACCES' || code === 'EPERM') return `you have no permission to ${doing} it`
  return common[code] ?? (code === '' ? message : code)
}
