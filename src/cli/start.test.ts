import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { commandList } from './command-list.gen.ts'
import { loadCommands } from './load-commands.ts'
import { commands } from './registry.gen.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const root = join(import.meta.dirname, '..', '..')
const bin = join(root, 'bin', 'tailrace.mjs')
const cli = await tryCli()
/** Says on stderr which packages are loaded. */
const spy = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module'
import { writeSync } from 'node:fs'
registerHooks({ load(url, context, next) {
  const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\/(?!.*node_modules)/.exec(url)?.[1]
  if (name !== undefined) writeSync(2, 'loaded ' + name + '\\n')
  return next(url, context)
} })`)}`

function packagesOf(...args: string[]): string[] {
  const { stderr, status } = spawnSync(process.execPath, ['--import', spy, bin, ...args], { cwd: cli.dir, encoding: 'utf8', env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], DATABASE_URL: cli.pool.options.connectionString } })
  assert.equal(status, 0, stderr)
  return [...new Set([...stderr.matchAll(/^loaded (\S+)$/gm)].map(([, name = '']) => name))].toSorted()
}

test('--version, --help and the help of a command load nothing that they do not need', () => {
  for (const args of [['--version'], ['--help'], ['help'], ['explain', '--help'], ['help', 'init']]) {
    const loaded = packagesOf(...args)
    assert.deepEqual(loaded.filter((name) => !['commander', 'picocolors', 'fastest-levenshtein'].includes(name)), [], args.join(' '))
  }
})

test('runs loads the driver of the control database, and none of a warehouse, a server or the config', async () => {
  await cli.config(activation('vip', { table: 'vips', tags: '[VIP]' }))
  const loaded = packagesOf('runs')
  assert.ok(loaded.includes('pg'))
  for (const heavy of ['zod', 'yaml', 'fastify', 'pg-boss', 'undici', 'pino', '@duckdb/node-api']) assert.ok(!loaded.includes(heavy), heavy)
})

test('--version says what package.json says', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  for (const option of ['--version', '-V']) assert.equal((await cli.tailrace([option])).stdout, `${version}\n`)
})

test('the command that is named is loaded, wherever the global options stand, and help lists all', async () => {
  for (const name of Object.keys(commands)) {
    for (const argv of [[name], ['--json', name], ['--config', 'runs', name], ['--config=x', name, 'plan'], ['help', name], [name, '--config', 'y']]) {
      const loaded = await loadCommands(argv, commandList, commands)
      assert.deepEqual(loaded.filter((command) => command.options.length > 0 || command.commands.length > 0 || command.name() === name).map((command) => command.name()), [name], argv.join(' '))
    }
  }
  const { stdout } = await cli.tailrace(['--help'])
  for (const name of Object.keys(commands)) assert.match(stdout, new RegExp(`^  ${name}\\b`, 'm'))
})

test('a command has the name of its file, without which it would not be found', async () => {
  for (const [file, load] of Object.entries(commands)) assert.equal((await load()).name(), file)
  assert.deepEqual(commandList.map(({ name }) => name), Object.keys(commands))
})
