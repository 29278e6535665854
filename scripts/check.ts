/**
 * `npm run check`: all checks that do not run Tailrace. Prints one line per check, and the full output of failed
 * checks.
 */
import { spawn } from 'node:child_process'
import { isAbsolute, join } from 'node:path'
import { existsSync } from 'node:fs'

interface Check {
  readonly name: string
  readonly command: readonly [program: string, ...args: string[]]
}

const root = join(import.meta.dirname, '..')
const folders = ['src', 'scripts', 'bench'].filter((folder) => existsSync(join(root, folder)))

const checks: readonly Check[] = [
  { name: 'types', command: ['tsc'] },
  { name: 'types of the web UI', command: ['tsc', '-p', 'web/tsconfig.json'] },
  { name: 'format', command: ['oxfmt', '--check', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings', '--format=unix'] },
  { name: 'boundaries', command: ['depcruise', '--config', '.dependency-cruiser.mjs', ...folders] },
  { name: 'dead code', command: ['knip'] },
  { name: 'generated files', command: [process.execPath, 'scripts/gen.ts', '--check'] },
  { name: 'lock file', command: [process.execPath, 'scripts/complete-lock.ts', '--check'] },
  { name: 'words', command: [process.execPath, 'scripts/check-words.ts'] },
  { name: 'file sizes', command: [process.execPath, 'scripts/check-sizes.ts'] },
  { name: 'web size', command: [process.execPath, 'scripts/check-web-size.ts'] },
]

const wanted = process.argv.slice(2)
const queue = checks.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
const total = queue.length
const failed: string[] = []

async function work(): Promise<void> {
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
    const started = performance.now()
    const { code, output } = await outputOf(check.command)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${check.name} (${seconds} s)`)
    if (code === 0) continue
    failed.push(check.name)
    console.log(`${output.trimEnd()}\n`)
  }
}

await Promise.all([work(), work()])
console.log(
  failed.length === 0 ? `all ${total} checks hold` : `${failed.length} of ${total} checks failed: ${failed.join(', ')}`,
)
process.exitCode = failed.length === 0 && total > 0 ? 0 : 1

function outputOf([program, ...args]: Check['command']): Promise<{ code: number; output: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number; output: string }>()
  const child = spawn(isAbsolute(program) ? program : join(root, 'node_modules', '.bin', program), args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', PATH: `${join(root, 'node_modules', '.bin')}:${process.env['PATH']}` },
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.on('error', (error) => resolve({ code: 1, output: `${program} could not be started: ${error.message}` }))
  child.on('close', (code) => resolve({ code: code ?? 1, output }))
  return promise
}
