/**
 * The first page of the web UI must load fast on a slow network: its scripts and styles, compressed, stay below a
 * limit.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Compressed bytes of everything that loads before the Activations page is shown. */
const limit = 400_000

interface Chunk {
  readonly file: string
  readonly css?: readonly string[]
  readonly imports?: readonly string[]
}

const root = join(import.meta.dirname, '..')
const web = join(root, 'dist', 'web')
if (
  spawnSync(process.execPath, [join(root, 'scripts', 'build-web.ts')], { stdio: ['ignore', 'inherit', 'inherit'] })
    .status !== 0
)
  process.exit(1)

const manifest = JSON.parse(readFileSync(join(web, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>
const sizes = new Map<string, number>()
for (const name of ['index.html', 'pages/activations/activations-page.tsx']) add(name)
const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
console.log(`the first page loads ${Math.round(total / 1000)} kB compressed, below ${limit / 1000} kB is wanted`)
if (total >= limit) for (const [file, size] of sizes) console.log(`  ${Math.round(size / 1000)} kB ${file}`)
process.exitCode = total < limit ? 0 : 1

function add(name: string): void {
  const chunk = manifest[name]
  if (chunk === undefined)
    throw new Error(`The build has no ${name}: scripts/check-web-size.ts must name what the first page loads.`)
  if (sizes.has(chunk.file)) return
  for (const file of [chunk.file, ...(chunk.css ?? [])]) sizes.set(file, gzipSync(readFileSync(join(web, file))).length)
  for (const imported of chunk.imports ?? []) add(imported)
}
