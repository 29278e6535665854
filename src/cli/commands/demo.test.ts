import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { request } from 'undici'
import { tryCli } from '../../testing/harness/try-cli.ts'

const cli = await tryCli({ contacts: 1 })

test('demo --once shows four real Runs on embedded everything, twice over', async () => {
  const { code, stdout, stderr } = await cli.tailrace(['demo', '--once', '--rows', '200'])
  assert.equal(code, 0, stderr)
  assert.match(
    stdout,
    /before: "Premium Customers" is on 0 contacts.*100 delivered.*now: +"Premium Customers" is on 100 contacts/s,
  )
  assert.match(
    stdout,
    /147 delivered · 3 not loaded.*company-9001.*company-9002.*company-9003.*"Key Account" is on 147 companies/s,
  )
  assert.match(
    stdout,
    /100: Paid Customer, Region-EU · 101: Paid Customer · 102: Paid Customer, Region-EU.*100: no tags · 101: no tags · 102: no tags/s,
  )
  assert.match(stdout, /shelved.*0 writes.*on 100 contacts\n$/s)
  assert.ok(existsSync(join(cli.dir, '.tailrace/demo/tailrace.yaml')))

  const again = await cli.tailrace(['demo', '--once', '--rows', '50', '--json'], {
    TAILRACE_HOME: join(cli.dir, '.tailrace'),
  })
  assert.equal(again.code, 0, again.stderr)
  const { ok, runs } = again.json()
  assert.equal(ok, true)
  assert.deepEqual(
    runs.map(({ run, status }: { run: number; status: string }) => [run, status]),
    [
      [1, 'completed'],
      [2, 'completed with failures'],
      [3, 'completed'],
      [4, 'shelved'],
    ],
  )
})

test('demo stays up for more, with commands that work, until Ctrl-C', async () => {
  const demo = cli.start(['demo', '--rows', '20'])
  await demo.until(() => demo.stdout().includes('Ctrl-C stops it'))
  const second = await cli.tailrace(['demo', '--once', '--json'])
  assert.deepEqual([second.code, second.json().error.code], [2, 'demo-running'])
  const config = join(cli.dir, '.tailrace/demo/tailrace.yaml')
  const run = await cli.tailrace(['run', 'premium-customers', '--config', config, '--json'], { DATABASE_URL: '' })
  assert.deepEqual([run.code, run.json().run, run.json().status], [0, 11, 'shelved'], run.stderr)
  const url = /more Runs[^]*?(http:\/\/127\.0\.0\.1:\d+)/.exec(demo.stdout())?.[1] ?? ''
  const { items } = (await (await fetch(`${url}/api/activations`)).json()) as {
    items: { name: string; history: unknown[]; state: string }[]
  }
  assert.deepEqual(
    items.map(({ name, history }) => [name, history.length]),
    [
      ['key-accounts', 1],
      ['premium-customers', 9],
      ['settled-conversations', 1],
    ],
  )
  demo.child.kill('SIGINT')
  assert.equal((await demo.end).code, 0)
})

test('the emulator says where it is, and a taken port is told in words', async () => {
  const emulator = cli.start([
    'emulator',
    'intercom',
    '--port',
    '0',
    '--contacts',
    '7',
    '--tag',
    'One',
    'Two',
    '--json',
  ])
  await emulator.until(() => emulator.stdout().endsWith('\n'))
  const { url, token } = JSON.parse(emulator.stdout()) as { url: string; token: string }
  assert.equal(token, 'emulator-token')
  const { body } = await request(`${url}/_emulator/state`)
  const state = (await body.json()) as { contacts: number; tags: { name: string }[] }
  assert.deepEqual([state.contacts, state.tags.map(({ name }) => name)], [7, ['One', 'Two']])
  const taken = await cli.tailrace(['emulator', 'intercom', '--port', new URL(url).port])
  assert.equal(taken.code, 2)
  assert.match(taken.stderr, /Port \d+ is in use.*\n.*--port/)
  emulator.child.kill('SIGTERM')
  assert.equal((await emulator.end).code, 0)
})
