import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { activation, tryCli } from '../../testing/harness/try-cli.ts'

const cli = await tryCli()
await cli.table('vips', ['1'])
const file = await cli.config(activation('vips', { table: 'vips', tags: '[Vip]' }))
const apply = (...options: readonly string[]) => cli.tailrace(['apply', '-f', 'tailrace.yaml', '--json', ...options])
const whats = (reply: { changes: { what: string; name: string }[] }) =>
  reply.changes.map(({ what, name }) => `${what} ${name}`)

test('apply shows its changes, and without a yes does nothing', async () => {
  const shown = await cli.tailrace(['apply', '-f', 'tailrace.yaml'])
  assert.deepEqual(
    [shown.code, shown.stdout.trimEnd().split('\n')],
    [3, ['+ warehouses/shop', '+ targets/support', '+ activations/vips']],
  )
  assert.equal((await apply()).json().error.code, 'apply-unconfirmed')
  assert.doesNotMatch((await cli.tailrace(['export'])).stdout, /vips/)
})

test('applied and exported, it is the same file in other words; a change is one change', async () => {
  const done = await apply('--yes')
  assert.deepEqual(
    [done.code, done.json().applied, whats(done.json())],
    [0, true, ['add shop', 'add support', 'add vips']],
    done.stderr,
  )
  const exported = await cli.tailrace(['export'])
  assert.match(exported.stdout, /token: \$\{INTERCOM_TOKEN\}/)
  await writeFile(join(cli.dir, 'again.yaml'), exported.stdout)
  const again = await cli.tailrace(['apply', '-f', 'again.yaml'])
  assert.deepEqual([again.code, again.stdout], [0, 'The saved config already matches the file.\n'])
  await writeFile(file, (await readFile(file, 'utf8')).replace('[Vip]', '[Other]'))
  const changed = await cli.tailrace(['apply', '-f', 'tailrace.yaml', '--yes'])
  assert.match(changed.stdout, /^~ activations\/vips\n {4}tags: \["Vip"\] → \["Other"\]\n✓ applied\n$/)
})

test('a mistake in the file is told as everywhere else', async () => {
  await writeFile(join(cli.dir, 'wrong.yaml'), 'warehouses:\n  shop: { type: duckdbb }\n')
  const { code, stderr } = await cli.tailrace(['apply', '-f', 'wrong.yaml', '--yes'])
  assert.equal(code, 2)
  assert.match(stderr, /wrong\.yaml:2:17 {2}warehouses\.shop\.type: no warehouse type "duckdbb"; did you mean "duckdb"/)
})

test('what is saved is paused and resumed by name or as a whole; a name that is wrong changes nothing', async () => {
  const paused = async () =>
    (await cli.pool.query<{ name: string }>(`select name from project_entry where paused`)).rows.map(({ name }) => name)
  const wrong = await cli.tailrace(['pause', 'vips', 'vip', '--json'])
  assert.deepEqual(
    [wrong.code, wrong.json().error.code, wrong.json().error.advice],
    [2, 'activation-not-found', 'Did you mean "vips"?'],
  )
  assert.deepEqual(await paused(), [])
  assert.deepEqual([(await cli.tailrace(['pause', 'vips'])).stdout, await paused()], ['✓ vips paused\n', ['vips']])
  assert.deepEqual(
    [(await cli.tailrace(['resume', '--all', '--json'])).json(), await paused()],
    [{ resumed: ['vips'] }, []],
  )
  assert.equal((await cli.tailrace(['pause', '--json'])).json().error.code, 'missing-argument')
  assert.equal((await cli.tailrace(['pause', 'vips', '--all', '--json'])).json().error.code, 'conflicting-option')
})

test('through a server it is the same, with its password; without it, or without a server, it says so', async () => {
  const password = 'a password for the test'
  const server = cli.start(['up', '--port', '0', '--json', '--no-worker'], { TAILRACE_PASSWORD: password })
  await server.until(() => server.stdout().includes('"url"'))
  const { url } = JSON.parse(server.stdout()) as { url: string }
  const there = (args: readonly string[], env: Record<string, string> = { TAILRACE_PASSWORD: password }) =>
    cli.tailrace([...args, '--server', url], env)
  assert.equal((await there(['export'])).stdout, (await cli.tailrace(['export'])).stdout)
  await writeFile(join(cli.dir, 'more.yaml'), 'warehouses:\n  more: { type: duckdb }\n')
  const added = await there(['apply', '-f', 'more.yaml', '--yes', '--json'])
  assert.deepEqual([added.code, whats(added.json())], [0, ['add more']], added.stderr)
  assert.match((await cli.tailrace(['export'])).stdout, /more:\n {4}type: duckdb/)
  assert.deepEqual((await there(['pause', '--all', '--json'])).json(), { paused: ['vips'] })
  assert.deepEqual((await there(['resume', 'vips', '--json'])).json(), { resumed: ['vips'] })
  assert.equal((await there(['pause', 'nobody', '--json'])).json().error.code, 'activation-not-found')
  const wrong = await there(['apply', '-f', 'wrong.yaml', '--yes', '--json'])
  assert.deepEqual([wrong.code, wrong.json().error.code], [2, 'config-invalid'])
  assert.match(wrong.json().error.message, /line 2, column 17: warehouses\.shop\.type/)
  assert.equal((await there(['export', '--json'], {})).json().error.code, 'sign-in-required')
  server.child.kill('SIGTERM')
  await server.end
  assert.deepEqual(await there(['export', '--json']).then(({ code, json }) => [code, json().error.code]), [
    4,
    'server-unreachable',
  ])
})
