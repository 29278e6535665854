/**
 * `npm run build`: dist/, for publishing only. A checkout runs its sources; below node_modules Node strips no types, so a
 * package must hold JavaScript.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

rmSync(dist, { recursive: true, force: true })
// To stderr: `npm pack --json` owns stdout.
const stdio: ['ignore', number, number] = ['ignore', 2, 2]
if (spawnSync(join(root, 'node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json'], { cwd: root, stdio }).status !== 0) process.exit(1)
for (const file of globSync('**/*', { cwd: join(root, 'src'), exclude: ['**/*.ts'] })) {
  if (/\.\w+$/.test(file)) cpSync(join(root, 'src', file), join(dist, file))
}
if (spawnSync(process.execPath, [join(root, 'scripts', 'build-web.ts')], { cwd: root, stdio }).status !== 0) process.exit(1)
