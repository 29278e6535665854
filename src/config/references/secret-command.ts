import { spawn } from 'node:child_process'
import type { Resolved } from './reference.ts'
import { mostBytes, secretText } from './secret-text.ts'

interface CommandOptions {
  readonly dir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly commandMs: number
}

/**
 * Runs a program without a shell and returns what it writes to stdout. What it writes is never shown: stderr is
 * discarded, because some programs write the secret there as well. It has no input.
 */
export function runSecretCommand(words: readonly string[], { dir, env, commandMs }: CommandOptions): Promise<Resolved> {
  const [program = '', ...args] = words
  const { promise, resolve } = Promise.withResolvers<Resolved>()
  const trouble = (why: string): Resolved => ({
    trouble: `the command "${program}" ${why}; its output is not shown: run it in a shell to see it`,
  })
  if (words.some((word) => word.includes('\0'))) return Promise.resolve(trouble('contains a NUL character'))
  const child = spawn(program, args, {
    cwd: dir,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: false,
    windowsHide: true,
  })
  const chunks: Buffer[] = []
  let size = 0
  /** Does not wait for what the program may have started: that can hold stdout open. */
  const stop = (why: string): void => {
    resolve(trouble(why))
    child.kill('SIGKILL')
    child.stdout.destroy()
  }
  const timer = setTimeout(() => stop(`did not end within ${commandMs / 1000} seconds`), commandMs)
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > mostBytes) stop(`wrote more than ${mostBytes / 1024} KiB`)
    else chunks.push(chunk)
  })
  child.on('error', (error: NodeJS.ErrnoException) => resolve(trouble(`cannot be started: ${startTrouble(error)}`)))
  child.on('close', (code, signal) => {
    if (signal !== null) return resolve(trouble(`was ended by ${signal}`))
    if (code !== 0) return resolve(trouble(`failed with exit code ${code}`))
    const value = secretText(Buffer.concat(chunks))
    resolve('trouble' in value ? trouble(`was of no use: its output ${value.trouble}`) : value)
  })
  return promise.finally(() => clearTimeout(timer))
}

function startTrouble({ code }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such program'
  if (code === 'EACCES') return 'it is not a program that you may run'
  return code ?? 'unknown reason'
}
