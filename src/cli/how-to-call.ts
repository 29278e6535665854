import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join, relative, sep } from 'node:path'
import type { Host } from '../server/process/host.ts'

/** The command that runs this Tailrace from the current directory, for suggestions to new users. */
export function howToCall({ packageDir, cwd, env }: Pick<Host, 'packageDir' | 'cwd' | 'env'>): string {
  const program = realpathSync(join(packageDir, 'bin', 'tailrace.mjs'))
  const isProgram = (path: string): boolean => existsSync(path) && realpathSync(path) === program
  // npm and npx prepend these directories, which the user's shell does not have.
  const path = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((dir) => dir !== '' && !dir.endsWith(join(sep, 'node_modules', '.bin')))
  const onPath = path.map((dir) => join(dir, 'tailrace')).find((each) => existsSync(each))
  if (onPath !== undefined && isProgram(onPath)) return 'tailrace'
  const above = foldersAbove(cwd)
  if (above.some((dir) => isProgram(join(dir, 'node_modules', '.bin', 'tailrace')))) return 'npx tailrace'
  // In a checkout, npx finds the package's own program.
  const own = above.find((dir) => existsSync(join(dir, 'package.json')))
  if (own !== undefined && isProgram(join(own, 'bin', 'tailrace.mjs'))) return 'npx tailrace'
  const near = relative(cwd, program)
  return `node ${quoted(near.startsWith('..') ? program : near)}`
}

function foldersAbove(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)]
}

function quoted(path: string): string {
  return /^[\w@./+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
