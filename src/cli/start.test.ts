import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { commandList } from './command-list.gen.ts'
import { loadCommands } from './program.ts'
import { commands } from './registry.gen.ts'
import { emulators } from '../targets/emulators.gen.ts'
import { activation, canary, tryCli } from '../testing/harness/try-cli.ts'

const root = join(import.meta.dirname, '..', '..')
const bin = join(root, 'bin', 'tailrace.mjs')
const { contactId } = await emulators.intercom()
const cli = await tryCli()
/** Prints the loaded packages on stderr. */
const spy = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module'
import { writeSync } from 'node:fs'
registerHooks({ load(url, context, next) {
  const name = /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\/(?!.*node_modules)/.exec(url)?.[1]
  if (name !== undefined) writeSync(2, 'loaded ' + name + '\\n')
  return next(url, context)
} })`)}`

function packagesOf(...args: string[]): string[] {
  const { stderr, status } = spawnSync(process.execPath, ['--import', spy, bin, ...args], {
    cwd: cli.dir,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      TMPDIR: process.env['TMPDIR'],
      DATABASE_URL: cli.pool.options.connectionString,
      INTERCOM_TOKEN: canary,
    },
  })
  assert.equal(status, 0, stderr)
  return [...new Set([...stderr.matchAll(/^loaded (\S+)$/gm)].map(([, name = '']) => name))].toSorted()
}

test('--version, --help and the help of a command load nothing that they do not need', () => {
  for (const args of [['--version'], ['--help'], ['help'], ['explain', '--help'], ['help', 'init']]) {
    const loaded = packagesOf(...args)
    assert.deepEqual(
      loaded.filter((name) => !['commander', 'picocolors', 'fastest-levenshtein'].includes(name)),
      [],
      args.join(' '),
    )
  }
})

test('runs loads the driver of the control database, and none of a warehouse, a server or the config', async () => {
  await cli.config(activation('vip', { table: 'vips', tags: '[VIP]' }))
  const loaded = packagesOf('runs')
  assert.ok(loaded.includes('pg'))
  for (const heavy of ['zod', 'yaml', 'fastify', 'pg-boss', 'undici', 'pino', '@duckdb/node-api'])
    assert.ok(!loaded.includes(heavy), heavy)
})

/** Prints a line on stderr when nothing keeps the process alive. Not after `process.exit`. */
const onExit = `data:text/javascript,${encodeURIComponent(`process.once('beforeExit', () => console.error('nothing is left open'))`)}`

test('each command is a process that leaves nothing open, whether it does its work or fails, and says how it ended by its exit code', async () => {
  cli.intercom.reset({ contacts: 3, tags: ['VIP'] })
  await cli.table('vips', [contactId(1), 'gone'])
  await cli.config(
    activation('vip', { table: 'vips', tags: '[VIP]' }) + activation('cannot', { table: 'nowhere', tags: '[VIP]' }),
  )
  const calls: readonly (readonly [code: number, ...args: string[]])[] = [
    [0, 'check', 'vip'],
    [2, 'check', 'cannot'],
    [0, 'plan', 'vip'],
    [1, 'run', 'vip'],
    [2, 'run', 'cannot'],
    [1, 'retry', 'vip'],
    [0, 'runs'],
    [0, 'show', '1'],
    [0, 'why', 'vip', 'gone'],
    [0, 'verify', 'vip'],
    [0, 'fields', 'support', 'contact'],
    [0, 'workers'],
    [0, 'cancel', '1'],
    [0, 'free', 'vip'],
    [0, 'undo', '1', '--yes'],
    [2, 'test'],
    [0, 'export'],
    [2, 'apply', 'none.yaml'],
  ]
  for (const [code, ...args] of calls) {
    const end = await cli.start([...args, '--json'], { NODE_OPTIONS: `--import=${onExit}` }).end
    assert.equal(end.code, code, `${args.join(' ')}: ${end.stdout}${end.stderr}`)
    assert.match(end.stderr, /nothing is left open/, args.join(' '))
    assert.ok(typeof end.json() === 'object')
  }
})

test('what reads the config, and no query, does without the database of a warehouse that it names', () => {
  const loaded = packagesOf('show', '1')
  assert.ok(loaded.includes('yaml'))
  assert.ok(!loaded.includes('@duckdb/node-api'))
})

test('--version says what package.json says', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  for (const option of ['--version', '-V']) assert.equal((await cli.start([option]).end).stdout, `${version}\n`)
})

test('the command that is named is loaded, wherever the global options stand, and help lists all', async () => {
  for (const name of Object.keys(commands)) {
    for (const argv of [
      [name],
      ['--json', name],
      ['--config', 'runs', name],
      ['--config=x', name, 'plan'],
      ['help', name],
      [name, '--config', 'y'],
    ]) {
      const loaded = await loadCommands(argv, commandList, commands)
      assert.deepEqual(
        loaded
          .filter((command) => command.options.length > 0 || command.commands.length > 0 || command.name() === name)
          .map((command) => command.name()),
        [name],
        argv.join(' '),
      )
    }
  }
  const { stdout } = await cli.start(['--help']).end
  for (const name of Object.keys(commands)) assert.match(stdout, new RegExp(`^  ${name}\\b`, 'm'))
})

test('a command has the name of its file, without which it would not be found', async () => {
  for (const [file, load] of Object.entries(commands)) assert.equal((await load()).name(), file)
  assert.deepEqual(
    commandList.map(({ name }) => name),
    Object.keys(commands),
  )
})
