import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Measured } from './measured.ts'

export interface MeasuredProcess extends Measured {
  /** From spawn to exit, as a user waits for it. */
  readonly wallMs: number
}

/** Runs a script of this folder in its own process. Throws if the process fails. */
export async function measure(script: string, args: readonly string[]): Promise<MeasuredProcess> {
  const start = performance.now()
  const child = startScript(script, args)
  let last = ''
  createInterface({ input: child.stdout! }).on('line', (line) => {
    last = line
  })
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  if (code !== 0) throw new Error(`${script} ended with ${code ?? signal}`)
  return { ...(JSON.parse(last) as Measured), wallMs: performance.now() - start }
}

export interface Server<Hello> {
  /** The JSON that the script printed when it was ready. */
  readonly hello: Hello
  close(): Promise<void>
}

/** Starts a script of this folder that prints one line of JSON when it is ready, and runs until it is closed. */
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

/** The child writes to our stderr. The IPC channel lets it notice when this process ends. */
function startScript(script: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
}
