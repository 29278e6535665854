import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emulators } from '../../targets/emulators.gen.ts'
import { activation, tryCli } from '../../testing/harness/try-cli.ts'

const { contactId } = await emulators.intercom()
const contacts = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => contactId(from + i))
const cli = await tryCli({ contacts: 200, tags: ['Vip'] })
const members = (): string[] => cli.intercom.world.members('Vip', 'contact').toSorted()

await cli.table('vips', contacts(1, 100))
await cli.config(activation('vips', { table: 'vips', tags: '[Vip]' }))
for (const index of [1, 2, 3]) cli.intercom.world.attach('contact', index, 'Vip')
const run = (await cli.tailrace(['run', 'vips', '--json'])).json().run as number
cli.intercom.world.detach('contact', 100, 'Vip')

test('undo shows what it would do, and without a yes does nothing', async () => {
  cli.intercom.requests.clear()
  const shown = await cli.tailrace(['undo', String(run), '--plan-only'])
  assert.equal(shown.code, 0, shown.stderr)
  assert.match(shown.stdout, new RegExp(`${contactId(4)} +− Vip +undoes a Run`))
  assert.match(
    shown.stdout,
    new RegExp(`vips: undo of Run ${run}: detach the tag from 96 contacts\\n +1 contact is already as before`),
  )
  assert.match(shown.stdout, /and 86 more/)
  assert.match(shown.stdout, /Workflows and messages .* are not undone/)
  const csv = await cli.tailrace(['undo', String(run), '--plan-only', '--format', 'csv'])
  assert.deepEqual(
    csv.stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').slice(0, 4).join()),
    contacts(4, 99).map((id) => `${id},Vip,detach,undo`),
  )
  const unconfirmed = await cli.tailrace(['undo', String(run), '--json'])
  assert.deepEqual([unconfirmed.code, unconfirmed.json().error.code], [3, 'undo-unconfirmed'])
  const unknown = await cli.tailrace(['undo', '999', '--json'])
  assert.deepEqual([unknown.code, unknown.json().error.code], [2, 'run-not-found'])
  assert.equal(cli.intercom.requests.counters().writes, 0)
  assert.equal((await cli.tailrace(['runs', '--json'])).json().runs.length, 1)
})

test('undo takes back what the Run did, says so as JSON, tells why, and is itself taken back', async () => {
  const undone = await cli.tailrace(['undo', String(run), '--yes', '--json'])
  const report = undone.json()
  assert.deepEqual(
    [undone.code, report.status, report.undoes, report.counts.delivered],
    [0, 'completed', run, 96],
    undone.stderr,
  )
  assert.deepEqual(members(), contacts(1, 3))
  const why = await cli.tailrace(['why', 'vips', contactId(4)])
  assert.match(
    why.stdout,
    new RegExp(
      `Run ${run} +attach "Vip" +delivered.*Run ${report.run}, undoing Run ${run} +detach "Vip" +delivered.*Now:  Undone: Run ${report.run} undid Run ${run}.*\nNext: The next Run sends it again`,
      's',
    ),
  )
  const external = await cli.tailrace(['why', 'vips', contactId(1)])
  assert.match(external.stdout, /was attached before this Activation wrote, so it is external/)

  const again = await cli.tailrace(['undo', String(run), '--yes', '--json'])
  assert.deepEqual([again.code, again.json().status, again.json().run], [0, 'shelved', null])
  const redone = await cli.tailrace(['undo', String(report.run), '--yes'])
  assert.equal(redone.code, 0, redone.stdout)
  assert.deepEqual(members(), contacts(1, 99))
  const why2 = await cli.tailrace(['why', 'vips', contactId(4)])
  assert.match(why2.stdout, /"Vip" is managed/)
})
