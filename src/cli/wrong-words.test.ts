import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const cli = await tryCli({ contacts: 5, tags: ['VIP'] })
await cli.table('vips', [])
await cli.config(activation('vips', { table: 'vips', tags: '[VIP]' }))

test('a wrong option, argument or subcommand points to the help of its own command, and names what exists', async () => {
  const mistakes: readonly (readonly [readonly string[], string, RegExp])[] = [
    [['plan', 'vips', '--formt', 'csv'], 'unknown-option', /Did you mean --format\? "tailrace plan --help"/],
    [['emulator', 'intercom', '--prt', '1'], 'unknown-option', /"tailrace emulator intercom --help"/],
    [['emulator', 'intercom', '--port'], 'option-missing-argument', /"tailrace emulator intercom --help"/],
    [['emulator', 'hubspot'], 'unknown-command', /"tailrace emulator" has: intercom\./],
    [['emulator', 'intercm'], 'unknown-command', /Did you mean intercom\?/],
    [['rnu', 'vips'], 'unknown-command', /Did you mean run\?/],
    [['nonsense'], 'unknown-command', /"tailrace --help"/],
    [['run'], 'missing-argument', /"tailrace run --help"/],
    [['run', 'vips', 'more'], 'excess-arguments', /"tailrace run --help"/],
    [['show', 'vips'], 'invalid-argument', /"tailrace show --help"/],
    [['plan', 'vip'], 'activation-not-found', /Did you mean "vips"\?/],
    [['check', 'vip'], 'activation-not-found', /Did you mean "vips"\?/],
    [['why', 'vip', 'x'], 'activation-not-found', /Did you mean "vips"\?/],
    [['runs', 'vip'], 'activation-not-found', /Did you mean "vips"\?/],
    [['show', '99'], 'run-not-found', /There are no Runs yet\./],
    [['apply', 'a.yaml', '-f', 'b.yaml'], 'conflicting-option', /Name only one of them/],
  ]
  for (const [args, code, advice] of mistakes) {
    const end = await cli.tailrace([...args, ...(args.at(-1) === '--port' ? [] : ['--json'])])
    assert.equal(end.code, 2, args.join(' '))
    if (args.at(-1) === '--port') assert.match(end.stderr, advice)
    else {
      assert.equal(end.json().error.code, code, args.join(' '))
      assert.match(end.json().error.advice, advice)
    }
  }
})

test('--json with another format is refused, whatever the command', async () => {
  for (const args of [
    ['plan', 'vips'],
    ['show', '1'],
    ['undo', '1'],
    ['verify', 'vips', '--records', 'drift'],
  ]) {
    const { code, json } = await cli.tailrace([...args, '--json', '--format', 'csv'])
    assert.deepEqual([code, json().error.code], [2, 'conflicting-option'], args.join(' '))
  }
})

test('what is wrong in a query or with a tag is the same exit code in check, plan and run', async () => {
  await cli.config(
    [
      activation('column', { table: 'vips', tags: '[VIP]', query: 'select id as other from vips' }),
      activation('dropped', { table: 'vips', tags: '[VIP]', query: 'select id, gone from vips' }),
      activation('tables', { table: 'nowhere', tags: '[VIP]' }),
      activation('tags', { table: 'vips', tags: '[Nobody]' }),
    ].join(''),
    'wrong.yaml',
  )
  for (const name of ['column', 'dropped', 'tables', 'tags']) {
    const codes: (number | null)[] = []
    for (const command of ['check', 'plan', 'run'])
      codes.push((await cli.tailrace([command, name, '--config', 'wrong.yaml'])).code)
    assert.deepEqual(codes, [2, 2, 2], name)
  }
})

test('why of a record that no Run met is exit code 1, in words and JSON', async () => {
  const { code, stdout } = await cli.tailrace(['why', 'vips', 'nobody'])
  assert.equal(code, 1)
  assert.match(stdout, /no entry for this record/)
  const asJson = await cli.tailrace(['why', 'vips', 'nobody', '--json'])
  assert.deepEqual([asJson.code, asJson.json().next], [1, 'unknown'])
})

test('check of some activations tries these and their connections; of many it lists what needs somebody first', async () => {
  const many = Array.from({ length: 60 }, (_, at) =>
    activation(`a${at}`, { table: at === 50 ? 'nowhere' : 'vips', tags: `[T${at}]`, createTag: 'true' }),
  )
  const file = await cli.config(many.join(''), 'many.yaml')
  const one = await cli.tailrace(['check', 'a3', 'a50', '--config', file])
  assert.equal(one.code, 2)
  assert.match(one.stdout, /✓ activation a3: .*\n✗ activation a50\n/)
  assert.ok(!one.stdout.includes('activation a4'))
  assert.ok(!/tailrace plan/.test(one.stdout))
  const all = await cli.tailrace(['check', '--config', file])
  assert.match(all.stdout, /✗ activation a50\n.*nowhere/)
  assert.match(all.stdout, /✗ 60 activations: 1 failed · 59 without problems/)
  assert.match(all.stdout, /→ tailrace check a50 /)
  assert.ok(all.stdout.split('\n').length < 30, all.stdout)
  assert.equal((await cli.tailrace(['check', '--all', '--config', file])).stdout.match(/activation a\d+/g)?.length, 60)
})

test('init prints commands that work where it was called', async () => {
  const bin = join(import.meta.dirname, '..', '..', 'bin', 'tailrace.mjs')
  const place = join(cli.dir, 'place')
  const called = join(cli.dir, 'called')
  await mkdir(place)
  await mkdir(join(called, 'bin'), { recursive: true })
  await mkdir(join(called, 'node_modules', '.bin'), { recursive: true })
  await chmod(bin, 0o755)
  await symlink(bin, join(called, 'bin', 'tailrace'))
  await symlink(bin, join(called, 'node_modules', '.bin', 'tailrace'))
  const plain = await initIn(place, process.env['PATH'] ?? '')
  const [, command = ''] = /3\. (.*) check/.exec(plain) ?? []
  assert.match(command, /^node \S+bin\/tailrace\.mjs$/)
  const { stdout } = await promisify(execFile)('sh', ['-c', `${command} --version`], { cwd: place })
  assert.match(stdout, /^\d+\.\d+\.\d+/)
  assert.match(await initIn(place, `${join(called, 'bin')}:${process.env['PATH'] ?? ''}`), /3\. tailrace check/)
  // npx adds its directory to PATH; the user's shell does not have it.
  assert.match(
    await initIn(called, `${join(called, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`),
    /3\. npx tailrace check/,
  )
})

let made = 0
async function initIn(dir: string, path: string): Promise<string> {
  const bin = join(import.meta.dirname, '..', '..', 'bin', 'tailrace.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [bin, 'init', '--config', `t${made++}.yaml`], {
    cwd: dir,
    env: { PATH: path },
  })
  return stdout
}
