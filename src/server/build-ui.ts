import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from './process/host.ts'

/**
 * In a checkout, builds the UI if its sources are newer than the last build. A package contains a built UI.
 * Without a UI the server offers only its API.
 */
export async function buildUi({ packageDir, terminal }: Host): Promise<void> {
  const script = join(packageDir, 'scripts', 'build-web.ts')
  if (!existsSync(script)) return
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'] })
  const said: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.push(text)
    if (text.startsWith('building')) terminal.note('Building the web UI (only once) …')
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0)
    terminal.note(
      `The web UI could not be built; "npm run build:web" shows why: ${said.join('').trim().split('\n').at(-1) ?? ''}`,
    )
}
