import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { activation, tryCli } from '../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const contacts = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => contactId(from + i))
const cli = await tryCli({ contacts: 300, tags: ['Vip', 'Other', 'Mirrored'] })
const { world, requests } = cli.intercom
const read = (file: string): Promise<string> => readFile(join(cli.dir, file), 'utf8')
const mirror = { table: 'mirrored', tags: '[Mirrored]', behavior: 'mirror', limits: '{ adds: off, removes: off }' }

await cli.table('vips', contacts(1, 60))
await cli.table('mirrored', contacts(101, 140))
const settings = { table: 'vips', tags: '[Vip]', delivery: 'single' }
await cli.config(
  [
    activation('vips', settings),
    activation('other', { table: 'vips', tags: '[Other]' }),
    activation('mirrored', mirror),
  ].join(''),
)

/** The write requests, from the emulator's own log. */
function writes(): string[] {
  return requests
    .latest()
    .filter(({ method }) => method === 'POST' || method === 'DELETE')
    .filter(({ path }) => !path.includes('search'))
    .map(({ method, path }) => `${method} ${path}`)
    .toSorted()
}

test('a plan is saved for its owner alone, and a Run of it makes exactly its writes', async () => {
  for (const id of contacts(1, 5)) world.attach('contact', id, 'Vip')
  world.catchUp()
  const made = await cli.tailrace(['plan', 'vips', '--out', 'vips.json', '--json', '--all'])
  assert.equal(made.code, 0, made.stderr)
  assert.match(made.stderr, /^plan vips: reading/)
  assert.doesNotMatch(made.stderr, /run \d/, 'a plan is no Run')
  const { operations, writeCalls, lines, inPlace, saved } = made.json()
  assert.deepEqual([writeCalls, operations.length, lines.inPlace, inPlace.length], [55, 55, 5, 5])
  assert.equal((await stat(join(cli.dir, 'vips.json'))).mode & 0o777, 0o600)
  const file = JSON.parse(await read('vips.json'))
  assert.deepEqual([file.format, file.activation, file.hash, file.lines.length], [2, 'vips', saved.hash, 60])
  assert.equal(Date.parse(file.expiresAt) - Date.parse(file.madeAt) > 3_590_000, true)
  assert.ok(!(await read('vips.json')).includes(cli.intercom.token))

  requests.clear()
  const run = await cli.tailrace(['run', 'vips', '--plan', 'vips.json', '--json'])
  assert.equal(run.code, 0, run.stdout)
  assert.deepEqual(
    writes(),
    operations.map(({ record }: { record: string }) => `POST /contacts/${record}/tags`).toSorted(),
  )
  assert.deepEqual(world.members('Vip', 'contact').toSorted(), contacts(1, 60))

  const again = await cli.tailrace(['run', 'vips', '--plan', 'vips.json', '--json'])
  assert.deepEqual([again.code, again.json().status, again.json().fault.code], [3, 'blocked', 'plan-changed'])
  assert.match(again.json().fault.message, /earlier Runs/)
})

test('after a change in the Target by hand the Run of a plan is blocked, says what differs, and writes nothing', async () => {
  assert.equal((await cli.tailrace(['run', 'mirrored'])).code, 0)
  await cli.table('mirrored', contacts(111, 150))
  assert.equal((await cli.tailrace(['plan', 'mirrored', '--out', 'mirrored.json'])).code, 0)
  world.detach('contact', contactId(103), 'Mirrored')
  requests.clear()
  const { code, json } = await cli.tailrace(['run', 'mirrored', '--plan', 'mirrored.json', '--json'])
  assert.deepEqual(
    [code, json().status, json().fault.kind, json().fault.code],
    [3, 'blocked', 'blocked', 'plan-changed'],
  )
  assert.match(json().fault.message, /^Changed since the plan was made: the data in the Target\.\n/)
  assert.match(
    json().fault.message,
    new RegExp(`\n  ${contactId(103)}: the plan says − "Mirrored"; now nothing to do$`),
  )
  assert.deepEqual(writes(), [])

  world.attach('contact', contactId(145), 'Mirrored')
  world.catchUp()
  const shown = await cli.tailrace(['run', 'mirrored', '--plan', 'mirrored.json'])
  assert.equal(shown.code, 3)
  assert.match(
    shown.stdout,
    new RegExp(`${contactId(145)}: the plan says \\+ "Mirrored"; now "Mirrored" already in place`),
  )
  assert.match(shown.stdout, /\[plan-changed\]/)
  assert.deepEqual(writes(), [])
})

test("a change of the query's result, of tailrace.yaml or of the plan itself is blocked, and told apart", async () => {
  const plan = async (...more: string[]) =>
    assert.equal((await cli.tailrace(['plan', 'other', '--out', 'other.json', ...more])).code, 0)
  const rejection = async (...more: string[]) => {
    const { code, json } = await cli.tailrace(['run', 'other', '--plan', 'other.json', '--json', ...more])
    return [code, json().fault ?? json().error] as const
  }
  await plan()
  requests.clear()
  await cli.table('vips', [...contacts(1, 59), contactId(61)])
  const [code, changed] = await rejection()
  assert.deepEqual([code, changed.code], [3, 'plan-changed'])
  assert.match(changed.message, /Changed since the plan was made: the query's result\.\n/)
  assert.match(
    changed.message,
    new RegExp(
      `${contactId(60)}: the plan says \\+ "Other"; now nothing\n  ${contactId(61)}: the plan says nothing; now \\+ "Other"$`,
    ),
  )

  await cli.table('vips', contacts(1, 60).toReversed())
  await cli.config(
    activation('other', { table: 'vips', tags: '[Other]', query: 'select id from vips where true' }),
    'edited.yaml',
  )
  const [, edited] = await rejection('--config', 'edited.yaml')
  assert.match(
    edited.message,
    /Changed since the plan was made: tailrace\.yaml \(query\)\. The writes would be the same/,
  )

  const whole = await read('other.json')
  await writeFile(join(cli.dir, 'other.json'), whole.replace(contactId(7), contactId(77)))
  assert.deepEqual((([exit, fault]) => [exit, fault.code])(await rejection()), [3, 'plan-damaged'])
  await writeFile(join(cli.dir, 'other.json'), whole.slice(0, -300))
  assert.deepEqual((([exit, fault]) => [exit, fault.code])(await rejection()), [3, 'plan-damaged'])
  await writeFile(join(cli.dir, 'other.json'), whole.replace(/"expiresAt":"\d{4}/, '"expiresAt":"2999'))
  assert.deepEqual((([exit, fault]) => [exit, fault.code])(await rejection()), [3, 'plan-damaged'])
  await plan('--expires', '0.001s')
  assert.deepEqual((([exit, fault]) => [exit, fault.code])(await rejection()), [3, 'plan-expired'])

  const another = await cli.tailrace(['run', 'vips', '--plan', 'mirrored.json', '--json'])
  assert.deepEqual([another.code, another.json().error.code], [2, 'plan-for-another'])
  const missing = await cli.tailrace(['run', 'vips', '--plan', 'nowhere.json', '--json'])
  assert.deepEqual([missing.code, missing.json().error.code], [2, 'plan-not-read'])
  assert.deepEqual(writes(), [])

  await writeFile(join(cli.dir, 'other.json'), whole)
  const run = await cli.tailrace(['run', 'other', '--plan', 'other.json'])
  assert.equal(run.code, 0, run.stdout + run.stderr)
  assert.deepEqual(world.members('Other', 'contact').toSorted(), contacts(1, 60))
})
