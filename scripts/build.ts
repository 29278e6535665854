/**
 * `npm run build`: writes dist/, for publishing only. A checkout runs its sources. Node does not strip types below
 * node_modules, so a package must contain JavaScript.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })
// Output goes to stderr, because `npm pack --json` uses stdout.
const stdio: ['ignore', number, number] = ['ignore', 2, 2]
if (
  spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json'], { cwd: root, stdio }).status !== 0
)
  process.exit(1)
for (const file of globSync('**/*', { cwd: join(root, 'src'), exclude: ['**/*.ts'] })) {
  if (/\.\w+$/.test(file)) cpSync(join(root, 'src', file), join(dist, file))
}
if (spawnSync(process.execPath, [join(root, 'scripts', 'build-web.ts')], { cwd: root, stdio }).status !== 0)
  process.exit(1)
