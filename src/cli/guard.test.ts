import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const contacts = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => contactId(from + i))
const cli = await tryCli({ contacts: 400, tags: ['Vip', 'Mirrored'] })
const { world, requests } = cli.intercom
const everyone = contacts(1, 400)

await cli.table('everyone', everyone)
await cli.table('mirrored', contacts(1, 50))
const vips = { table: 'everyone', tags: '[Vip]', query: `select id from everyone where id <= '${contactId(40)}'` }
const mirrored = activation('mirrored', { table: 'mirrored', tags: '[Mirrored]', behavior: 'mirror' })
await cli.config([activation('vips', vips), mirrored].join(''))
await cli.config([activation('vips', { ...vips, query: 'select id from everyone' }), mirrored].join(''), 'broken.yaml')
for (const name of ['vips', 'mirrored']) assert.equal((await cli.tailrace(['run', name])).code, 0)

test('a query that lost its where is blocked with the rule, the figures and the way through, and nothing is written', async () => {
  requests.clear()
  const planned = await cli.tailrace(['plan', 'vips', '--config', 'broken.yaml', '--out', 'broken.json'])
  assert.equal(planned.code, 3, planned.stderr)
  assert.match(
    planned.stdout,
    /A Run would be blocked: 360 records would be added; the Activation holds 40\. The limit is 50 %\..*\[guard-adds\]/,
  )
  const rejected = await cli.tailrace(['run', 'vips', '--config', 'broken.yaml', '--json'])
  const { status, fault, counts } = rejected.json()
  assert.deepEqual(
    [rejected.code, status, fault.kind, fault.code, counts.planned, counts.delivered],
    [3, 'blocked', 'blocked', 'guard-adds', 360, 0],
  )
  assert.match(fault.message, /360 .* holds 40.* 50 %/)
  assert.match(fault.advice, /--allow adds/)
  assert.equal(
    (await cli.tailrace(['run', 'vips', '--config', 'broken.yaml', '--plan', 'broken.json'])).code,
    3,
    'a plan is no leave',
  )
  assert.equal(requests.counters().writes, 0)
  assert.equal(world.members('Vip', 'contact').length, 40)
})

test('--allow overrides for one Run, is written down, and a plan made with it carries it', async () => {
  const planned = await cli.tailrace([
    'plan',
    'vips',
    '--config',
    'broken.yaml',
    '--out',
    'allowed.json',
    '--allow',
    'adds',
    '--json',
  ])
  assert.deepEqual(
    [
      planned.code,
      planned.json().guardrails.map(({ rule, allowed }: { rule: string; allowed: boolean }) => [rule, allowed]),
    ],
    [0, [['adds', true]]],
  )
  const run = await cli.tailrace(['run', 'vips', '--config', 'broken.yaml', '--plan', 'allowed.json', '--json'])
  assert.equal(run.code, 0, run.stdout)
  assert.equal(world.members('Vip', 'contact').length, 400)
  const shown = await cli.tailrace(['show', String(run.json().run)])
  assert.match(shown.stdout, /allowed +adds/)
  assert.deepEqual((await cli.tailrace(['show', String(run.json().run), '--json'])).json().allowed, ['adds'])
})

test('a mirror whose query returns nothing takes nothing off, until it is told that this is meant', async () => {
  await cli.table('mirrored', [])
  requests.clear()
  const rejected = await cli.tailrace(['run', 'mirrored'])
  assert.equal(rejected.code, 3)
  assert.match(
    rejected.stdout,
    /The query returned nothing, and the Run would remove all 50 records.*--allow empty,removes/s,
  )
  assert.equal(requests.counters().writes, 0)
  assert.equal(world.members('Mirrored', 'contact').length, 50)
  const half = await cli.tailrace(['run', 'mirrored', '--allow', 'empty', '--json'])
  assert.deepEqual([half.code, half.json().fault.code], [3, 'guard-removes'])
  const allowed = await cli.tailrace(['run', 'mirrored', '--allow', 'empty', '--allow', 'removes', '--json'])
  assert.equal(allowed.code, 0, allowed.stdout)
  assert.deepEqual(world.members('Mirrored', 'contact'), [])
  const shown = await cli.tailrace(['show', String(allowed.json().run), '--json'])
  assert.deepEqual(shown.json().allowed, ['empty', 'removes'])
})

test('an unknown rule is exit code 2, and those there are are named', async () => {
  const { code, json } = await cli.tailrace(['run', 'vips', '--allow', 'remove', '--json'])
  assert.deepEqual([code, json().error.code], [2, 'invalid-argument'])
  assert.match(
    json().error.message,
    /did you mean removes\? There are: adds, updates, removes, empty, shrunk, invalid, failures, create, population/,
  )
})

test('--allow create makes the tag for one Run, and is written down', async () => {
  await cli.config(activation('fresh', { table: 'everyone', tags: '[Brand new]' }), 'fresh.yaml')
  const without = await cli.tailrace(['run', 'fresh', '--config', 'fresh.yaml', '--json'])
  assert.equal(without.json().fault.code, 'tag-not-found')
  const run = await cli.tailrace(['run', 'fresh', '--config', 'fresh.yaml', '--allow', 'create', '--json'])
  assert.equal(run.code, 0, run.stdout)
  assert.equal(world.members('Brand new', 'contact').length, 400)
  assert.deepEqual((await cli.tailrace(['show', String(run.json().run), '--json'])).json().allowed, ['create'])
})
