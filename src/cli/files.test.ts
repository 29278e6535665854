import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const cli = await tryCli({ contacts: 5, tags: ['VIP'] })
await cli.table('vips', [])
await cli.config(activation('vips', { table: 'vips', tags: '[VIP]' }))
await mkdir(join(cli.dir, 'a folder'))
await writeFile(join(cli.dir, 'a file'), 'text')
await symlink('a file', join(cli.dir, 'a link'))
await symlink('round', join(cli.dir, 'round'))
const names = {
  'none/x': 'its directory does not exist',
  'a folder': 'it is a directory',
  'a file/x': 'a part of its path is not a directory',
  [`${'x'.repeat(300)}`]: 'the name is too long',
  'tailrace.yaml': 'it is the config',
}

for (const [option, code, args] of [
  ['--out', 'plan-not-written', ['plan', 'vips']],
  ['--junit', 'junit-not-written', ['test']],
] as const) {
  test(`${option} is tried before anything is read, and says why it cannot be written`, async () => {
    const config = await readFile(join(cli.dir, 'tailrace.yaml'), 'utf8')
    for (const [file, why] of Object.entries(names)) {
      cli.intercom.requests.clear()
      const { code: exit, json } = await cli.tailrace([...args, option, file, '--json'])
      const { error } = json()
      assert.deepEqual([exit, error.code], [2, code], file)
      assert.ok(error.message.startsWith(`${file} cannot be written: ${why}`), error.message)
      assert.equal(cli.intercom.requests.latest().length, 0)
    }
    assert.equal(await readFile(join(cli.dir, 'tailrace.yaml'), 'utf8'), config)
    assert.deepEqual(
      (await readdir(cli.dir)).filter((name) => /\.(try|part)$/.test(name)),
      [],
    )
  })
}

test('a plan is never written into a device, and what is there stays until the plan is whole', async () => {
  assert.equal(
    (await cli.tailrace(['plan', 'vips', '--out', '/dev/null', '--json'])).json().error.code,
    'plan-not-written',
  )
  assert.ok(existsSync('/dev/null'))
  const failed = await cli.tailrace(['plan', 'vips', '--out', 'a file', '--json'], { INTERCOM_TOKEN: 'of nobody' })
  assert.notEqual(failed.code, 0)
  assert.equal(await readFile(join(cli.dir, 'a file'), 'utf8'), 'text')
})

test('a file to read that is not there, or is none, is told as such', async () => {
  const reads: readonly (readonly [readonly string[], string])[] = [
    [['run', 'vips', '--plan'], 'plan-not-read'],
    [['apply'], 'config-not-found'],
    [['apply', '-f'], 'config-not-found'],
    [['test'], 'cases-not-found'],
    [['check', '--config'], 'config-not-found'],
    [['plan', 'vips', '--config'], 'config-not-found'],
    [['up', '--config'], 'config-not-found'],
  ]
  for (const [args, code] of reads) {
    const missing = await cli.tailrace([...args, 'none/x.yaml', '--json'], args[0] === 'up' ? { DATABASE_URL: '' } : {})
    assert.deepEqual([missing.code, missing.json().error.code], [2, code], args.join(' '))
    assert.match(missing.json().error.message, /no such file|there is no (folder )?\S*none/i)
    if (args[0] === 'up') continue
    const folder = await cli.tailrace([...args, 'a folder', '--json'])
    assert.equal(folder.code, 2)
    assert.match(folder.json().error.message, /a folder cannot be read: it is a directory/)
  }
  assert.match(
    (await cli.tailrace(['run', 'vips', '--plan', 'round', '--json'])).json().error.message,
    /its symbolic links form a loop/,
  )
  assert.ok(!existsSync(join(cli.dir, 'none')), 'no folder is made for a config that is not there')
})

test('init says why it cannot write', async () => {
  const { code, json } = await cli.tailrace(['init', '--config', 'none/x.yaml', '--json'])
  assert.deepEqual([code, json().error.code], [2, 'config-not-written'])
  assert.match(json().error.message, /its directory does not exist/)
})
