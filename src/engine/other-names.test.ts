import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import type { Row } from '../model/row.ts'
import { intercomActivation, quietPorts } from '../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { letDatabaseTimePass } from '../testing/harness/time-machine.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { runActivation } from './run.ts'
import { undoRun } from './undo.ts'

const { startIntercomEmulator } = await emulators.intercom()
const database = await testDatabase()
after(() => database.close())

const jane: Row = ['jane', 'jane@acme.test', 'Jane']

/** One contact that rows name by its external_id or by its email. */
async function harness(t: TestContext, name: string) {
  const intercom = await startIntercomEmulator({ limit: 1_000_000, contacts: 0 })
  t.after(() => intercom.close())
  const { world } = intercom
  world.createContact({ external_id: 'jane', email: 'jane@acme.test', name: 'J.' })
  world.catchUp()
  const warehouse = simulateWarehouse(['id', 'email', 'name', 'phone'])
  const activation = await intercomActivation(intercom, {
    name,
    object: 'contact',
    behavior: 'upsert',
    warehouse,
    identifier: { field: 'external_id', column: 'id' },
    mapping: { name: 'name', phone: 'phone' },
    more: { fallbacks: [{ field: 'email', column: 'email' }] },
  })
  const ports = quietPorts(database.pool)
  return {
    created: () => world.createdContacts().find(({ email }) => email === 'ann@acme.test')?.state,
    called: () => world.contact({ external_id: 'jane' })?.name,
    undo: (id: number) => undoRun(activation, ports, { id, groups: [] }, () => Promise.resolve(true)),
    async run(...rows: readonly Row[]) {
      warehouse.rows = rows.map((row) => [...row, ...(row.length < 4 ? [null] : [])])
      const report = await runActivation(activation, ports)
      assert.equal(report.fault, undefined, report.fault?.message)
      world.catchUp()
      return report
    },
  }
}

test('a row that lost its first identifier for one Run, and has it again, is delivered as if it were new', async (t) => {
  const s = await harness(t, 'to and fro')
  await s.run(jane)
  await s.run([null, 'jane@acme.test', 'Janet'])
  assert.equal(s.called(), 'Janet')
  await s.run(jane)
  assert.equal(s.called(), 'Jane')
})

test('a second row for a contact that another row holds already is refused, and neither overwrites the other', async (t) => {
  const s = await harness(t, 'two rows')
  await s.run(jane)
  const report = await s.run(jane, [null, 'jane@acme.test', 'Janet'])
  assert.deepEqual([report.counts.rejected, report.counts.delivered], [1, 0])
  assert.equal(s.called(), 'Jane')
})

test('nor is a second row delivered while the rows of the first are duplicates', async (t) => {
  const s = await harness(t, 'duplicates')
  await s.run(jane)
  await s.run(jane, jane, [null, 'jane@acme.test', 'Janet'])
  assert.equal(s.called(), 'Jane')
})

test('what an undo takes back is delivered again to a row that names the contact otherwise by now', async (t) => {
  const s = await harness(t, 'undone under another name')
  const { run } = await s.run(jane)
  await s.run([null, 'jane@acme.test', 'Jane'])
  await s.undo(run)
  assert.equal(s.called(), 'J.')
  await s.run([null, 'jane@acme.test', 'Jane'])
  assert.equal(s.called(), 'Jane')
})

test('an undo leaves what a later Run wrote under another name of the contact, also after that Run was undone', async (t) => {
  const s = await harness(t, 'later under another name')
  const first = await s.run(jane)
  const second = await s.run([null, 'jane@acme.test', 'Janet'])
  await s.undo(second.run)
  assert.equal(s.called(), 'Jane')
  await s.undo(first.run)
  assert.equal(s.called(), 'Jane')
})

test('an undo keeps a contact that it would archive, if a later Run wrote to it under another name', async (t) => {
  const s = await harness(t, 'created, and written under another name')
  const ann: Row = [null, 'ann@acme.test', 'Ann']
  const { run } = await s.run(ann)
  assert.equal(s.created(), 'live')
  const second = await s.run(['ann', 'ann@acme.test', 'Ann', '+49 30 901820'])
  assert.equal(second.counts.delivered, 1)
  await s.undo(run)
  assert.equal(s.created(), 'live')
})

for (const [where, last] of [
  ['is gone as well', []],
  ['names another contact', [['jane', 'joe@acme.test', 'Janet']]],
] as const satisfies readonly (readonly [string, readonly Row[]])[])
  test(`what waited for another row is removed in the Run in which that row ${where}`, async (t) => {
    const intercom = await startIntercomEmulator({ limit: 1_000_000, contacts: 0 })
    t.after(() => intercom.close())
    const warehouse = simulateWarehouse(['id', 'email', 'name'])
    const activation = await intercomActivation(intercom, {
      name: `removed once the other row ${where}`,
      object: 'contact',
      behavior: 'mirror',
      warehouse,
      identifier: { field: 'external_id', column: 'id' },
      mapping: { name: 'name' },
      more: { fallbacks: [{ field: 'email', column: 'email' }] },
    })
    const run = async (...rows: readonly Row[]) => {
      warehouse.rows = rows
      const report = await runActivation(activation, quietPorts(database.pool))
      assert.equal(report.fault, undefined, report.fault?.message)
      intercom.world.catchUp()
      await letDatabaseTimePass(database.pool, 3_600_000)
      return report.counts
    }
    const states = () =>
      intercom.world
        .createdContacts()
        .map(({ state }) => state)
        .toSorted()
    const joe: Row = ['joe', 'joe@acme.test', 'Joe']
    await run(joe, [null, 'jane@acme.test', 'Jane'])
    const kept = await run(joe, jane)
    assert.deepEqual([kept.planned, states()], [0, ['live', 'live']], 'another row names her contact')
    const gone = await run(joe, ...last)
    assert.deepEqual([gone.delivered, states()], [1, ['archived', 'live']])
    assert.equal((await run(joe, ...last)).planned, 0)
  })
