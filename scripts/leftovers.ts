import { readdir, readFile } from 'node:fs/promises'

export interface Leftover {
  readonly pid: number
  readonly command: string
}

/** Processes with the mark of this test run in their arguments or environment. Linux only; returns none elsewhere. */
export async function findLeftovers(mark: string): Promise<Leftover[]> {
  if (process.platform !== 'linux') return []
  const found: Leftover[] = []
  for (const name of await readdir('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    const command = await readProc(pid, 'cmdline')
    if (command === '') continue
    if (command.includes(mark) || (await readProc(pid, 'environ')).includes(`TAILRACE_TEST_RUN=${mark}`))
      found.push({ pid, command })
  }
  return found
}

/** Kills leftover processes, so that they do not load the machine until it restarts. */
export async function endLeftovers(leftovers: readonly Leftover[]): Promise<void> {
  for (const { pid } of leftovers) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      if (!hasCode(error, 'ESRCH')) throw error
    }
  }
}

async function readProc(pid: number, file: 'cmdline' | 'environ'): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/${file}`, 'utf8')).replaceAll('\0', ' ').trim()
  } catch (error) {
    // The process has ended since the listing, or belongs to another user.
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ESRCH') || hasCode(error, 'EACCES')) return ''
    throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
