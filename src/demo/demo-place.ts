import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Fault } from '../model/fault.ts'
import { fileTrouble } from '../model/machine-trouble.ts'
import { tryLock } from '../embedded-postgres/file-lock.ts'
import type { Host } from '../server/process/host.ts'

export interface DemoPlace {
  readonly dir: string
  readonly configFile: string
  readonly warehouseFile: string
  /** Folder of the demo's own control database. */
  readonly home: string
  release(): void
}

/** Takes the demo's folder. Only one demo at a time can use it. */
export async function takeDemoPlace({ env, cwd }: Host): Promise<DemoPlace> {
  const dir = env['TAILRACE_HOME'] ? resolve(cwd, env['TAILRACE_HOME'], 'demo') : join(cwd, '.tailrace', 'demo')
  await mkdir(dir, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Fault('usage', `The folder ${dir} cannot be created: ${fileTrouble(error, 'write')}.`, {
      code: 'demo-folder',
      advice: 'Run the demo in a folder that you may write to, or name one in TAILRACE_HOME.',
      cause: error,
    })
  })
  const lock = tryLock(join(dir, 'demo.lock'), 'exclusive')
  if (lock === undefined) {
    throw new Fault('usage', `Another demo is running in ${dir}.`, {
      code: 'demo-running',
      advice: 'Stop it with Ctrl-C, or run the new demo in another folder.',
    })
  }
  return {
    dir,
    configFile: join(dir, 'tailrace.yaml'),
    warehouseFile: join(dir, 'shop.duckdb'),
    home: join(dir, '.tailrace'),
    release: () => lock.release(),
  }
}
