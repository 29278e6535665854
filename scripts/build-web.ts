/**
 * `npm run build:web`: builds the web UI into dist/web, where the server finds it. Builds only when a source is newer
 * than the last build, or with --force. `demo` and `up` call it in a checkout, so that they work directly after `npm
 * ci`.
 */
import { existsSync, globSync, mkdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const built = join(root, 'dist', 'web')

if (process.argv.includes('--force') || isStale()) {
  const started = new Date()
  console.error('building the web UI (once, until its sources change) …')
  const fresh = join(root, 'dist', `web-${process.pid}`)
  mkdirSync(fresh, { recursive: true })
  try {
    const { build } = await import('vite')
    await build({ configFile: join(root, 'web', 'vite.config.ts'), logLevel: 'warn', build: { outDir: fresh } })
    // A file that is saved during the build must count as newer than the build.
    utimesSync(join(fresh, 'index.html'), started, started)
    // Replace the whole folder at once: a server may be reading it, and another build may be running.
    rmSync(built, { recursive: true, force: true })
    putInPlace(fresh)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
  console.error(`the web UI is built (${((Date.now() - started.getTime()) / 1000).toFixed(1)} s)`)
}

/** If another build finished first, its files are just as good. */
function putInPlace(fresh: string): void {
  try {
    renameSync(fresh, built)
  } catch (error) {
    if (!existsSync(join(built, 'index.html'))) throw error
  }
}

function isStale(): boolean {
  const page = join(built, 'index.html')
  if (!existsSync(page)) return true
  const since = statSync(page).mtimeMs
  const sources = globSync(
    [
      'web/*',
      'web/{app,features,lib,pages,public,ui}/**/*',
      'src/api/**/*.ts',
      'src/model/**/*.ts',
      'package-lock.json',
    ],
    { cwd: root },
  )
  return sources.some((file) => statSync(join(root, file)).mtimeMs > since)
}
