import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { emulators } from '../../targets/emulators.gen.ts'
import { activation, canary, tryCli } from '../../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const cli = await tryCli({ contacts: 10, tags: ['Vip'] })
await cli.table('vips', [contactId(1)])
/** No control database is configured, and check must not start one. */
const nowhere = { DATABASE_URL: '' }

test('check tries everything without the control database, and changes nothing', async () => {
  await cli.config(activation('vips', { table: 'vips', tags: '[Vip]' }))
  const { code, stdout } = await cli.tailrace(['check'], nowhere)
  assert.equal(code, 0, stdout)
  assert.match(stdout, /✓ tailrace\.yaml: valid\n✓ warehouse shop: DuckDB v1.*\n✓ target support: .*Ada Admin/)
  assert.match(stdout, /✓ Write tags/)
  assert.match(stdout, /– requests: [\d,]+ of [\d,]+ left in 10 s, returns at \d{4}-\d\d-\d\dT/)
  assert.match(stdout, /✓ activation vips: id → "Vip"/)
  assert.match(stdout, /tailrace plan vips/)
  assert.deepEqual(
    cli.intercom.world.summary().tags.map(({ name, contact }) => [name, contact]),
    [['Vip', 0]],
  )
})

test('check goes on after failures: a wrong tag, a wrong column and a missing right are all told', async () => {
  await cli.config(
    [
      activation('vips', { table: 'vips', tags: '[Vipp]' }),
      activation('column', { table: 'vips', tags: '[Vip]', identifier: '{ field: id, column: ident }' }),
      activation('fine', { table: 'vips', tags: '[Vip]' }),
    ].join(''),
    'trouble.yaml',
  )
  const wrong = await cli.tailrace(['check', '--config', 'trouble.yaml'], nowhere)
  assert.equal(wrong.code, 2)
  assert.match(wrong.stdout, /✗ activation vips\n.*Did you mean "Vip"\?/)
  assert.match(wrong.stdout, /✗ activation column\n.*no column "ident"/)
  assert.match(wrong.stdout, /✓ activation fine/)
  assert.match(wrong.stdout, /2 checks failed/)

  cli.intercom.setScopes(['read_tags', 'read_users_companies'])
  const poor = await cli.tailrace(['check'], nowhere)
  assert.equal(poor.code, 4)
  assert.match(poor.stdout, /✗ target support.*\n.*✓ Read tags\n.*✗ Write tags: not granted\n +→ /)
  assert.match(poor.stdout, /– Read conversations: not granted \(no activation needs it/)
  cli.intercom.setScopes('all')

  const { code, json } = await cli.tailrace(['check', '--json'], { ...nowhere, INTERCOM_TOKEN: `${canary}x` })
  assert.equal(code, 4)
  const { ok, targets, activations } = json()
  assert.deepEqual([ok, targets[0].fault.code, activations[0].unchecked], [false, 'unauthorized', ['support']])
})

test('init writes a file to start from, once', async () => {
  assert.equal((await cli.tailrace(['init', '--config', 'new.yaml'])).code, 0)
  const written = await readFile(join(cli.dir, 'new.yaml'), 'utf8')
  assert.match(written, /activations:/)
  const again = await cli.tailrace(['init', '--config', 'new.yaml', '--json'])
  assert.deepEqual([again.code, again.json().error.code], [2, 'config-exists'])
  assert.equal(await readFile(join(cli.dir, 'new.yaml'), 'utf8'), written)
})

test('a wrong command line is exit code 2, with a guess', async () => {
  const command = await cli.tailrace(['chek', '--json'])
  assert.deepEqual(
    [command.code, command.json().error.code, command.json().error.advice],
    [2, 'unknown-command', 'Did you mean check?'],
  )
  const option = await cli.tailrace(['plan', 'vips', '--limt', '3'])
  assert.equal(option.code, 2)
  assert.match(option.stderr, /unknown option '--limt'.*\n.*Did you mean --limit/)
  const none = await cli.tailrace([])
  assert.equal(none.code, 2)
  assert.match(none.stderr, /Usage: tailrace/)
  const help = await cli.tailrace(['run', '--help'])
  assert.equal(help.code, 0)
  assert.match(help.stdout, /Examples:\n +\$ tailrace run/)
  assert.match(help.stdout, /--json/)
})
