import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Measured } from './measured.ts'

export interface MeasuredProcess extends Measured {
  /** From spawning to exit, as a person waits for it. */
  readonly wallMs: number
}

/** Runs a script of this folder to its end in a process of its own. Throws unless it ends well. */
export async function measure(script: string, args: readonly string[]): Promise<MeasuredProcess> {
  const start = performance.now()
  const child = startScript(script, args)
  let last = ''
  createInterface({ input: child.stdout! }).on('line', (line) => { last = line })
  const [code, signal] = await once(child, 'close') as [number | null, string | null]
  if (code !== 0) throw new Error(`${script} ended with ${code ?? signal}`)
  return { ...JSON.parse(last) as Measured, wallMs: performance.now() - start }
}

export interface Server<Hello> {
  /** What it said when it was ready. */
  readonly hello: Hello
  close(): Promise<void>
}

/** Starts a script of this folder that prints one line of JSON when it is ready, and lives until it is closed. */
export async function serve<Hello>(script: string, args: readonly string[]): Promise<Server<Hello>> {
  const child = startScript(script, args)
  const lines = createInterface({ input: child.stdout! })
  const ready = await Promise.race([once(lines, 'line'), once(child, 'exit')])
  if (child.exitCode !== null) throw new Error(`${script} did not start`)
  return {
    hello: JSON.parse(String(ready[0])) as Hello,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill()
      await once(child, 'exit')
    },
  }
}

/** Its stderr is ours; the channel lets it notice our death. */
function startScript(script: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, script), ...args], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
}
