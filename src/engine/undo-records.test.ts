import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import type { Row } from '../model/row.ts'
import { intercomActivation, quietPorts, type IntercomCase } from '../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { runActivation } from './run.ts'
import { undoRun, type UndoPlan } from './undo.ts'

const { startIntercomEmulator } = await emulators.intercom()
const database = await testDatabase()
after(() => database.close())

/** Ten contacts `x1` … `x10` with the name "Old n" exist. The query returns `x6` … `x15`. */
async function harness(t: TestContext, testCase: Pick<IntercomCase, 'name' | 'behavior'> & Partial<IntercomCase>) {
  const contacts = Array.from({ length: 10 }, (_, at) => ({
    id: `c${at + 1}`,
    external_id: `x${at + 1}`,
    name: `Old ${at + 1}`,
    phone: '+35311111',
  }))
  const intercom = await startIntercomEmulator({ limit: 1_000_000, contacts })
  t.after(() => intercom.close())
  const warehouse = simulateWarehouse(['id', 'name', 'phone'])
  const activation = await intercomActivation(intercom, {
    object: 'contact',
    warehouse,
    identifier: { field: 'external_id', column: 'id' },
    ...testCase,
  })
  warehouse.rows = Array.from({ length: 10 }, (_, at): Row => [`x${at + 6}`, `New ${at + 6}`, '+35322222'])
  const ports = quietPorts(database.pool)
  return {
    intercom,
    warehouse,
    states: () =>
      Array.from({ length: 15 }, (_, at) => {
        const contact = intercom.world.contact({ external_id: `x${at + 1}` })
        return contact === undefined ? 'none' : `${contact.state} ${contact.name} ${contact.phone}`
      }),
    async run() {
      const report = await runActivation(activation, ports)
      assert.equal(report.fault, undefined, report.fault?.message)
      return report
    },
    async undo(run: number) {
      let plan: UndoPlan | undefined
      const report = await undoRun(activation, ports, { id: run, groups: [] }, (made) => {
        plan = made
        return Promise.resolve(true)
      })
      assert.equal(report?.fault, undefined, report?.fault?.message)
      assert.ok(plan !== undefined)
      return { plan, report, run: report?.run ?? assert.fail('there was nothing to undo') }
    },
  }
}

const gone = (states: readonly string[], archived: readonly string[]) =>
  states.map((state, at) => (state === 'none' ? archived[at]?.replace('live', 'archived') : state))

test('creations and updates: undone, done again, undone; what people did in between stays', async (t) => {
  const s = await harness(t, { name: 'undo upsert', behavior: 'upsert', mapping: { name: 'name', phone: 'phone' } })
  const atStart = s.states()
  const run = await s.run()
  const asRun = s.states()
  assert.deepEqual([run.counts.delivered, asRun[5], asRun[14]], [10, 'live New 6 +35322222', 'live New 15 +35322222'])

  const first = await s.undo(run.run)
  assert.deepEqual([first.plan.updates, first.plan.discards, first.report?.counts.delivered], [5, 5, 10])
  // What the Run created is archived, not deleted.
  assert.deepEqual(s.states(), gone(atStart, asRun))

  const second = await s.undo(first.run)
  assert.deepEqual([second.plan.updates, second.plan.restores], [5, 5])
  assert.deepEqual(s.states(), asRun)

  s.intercom.world.changeContact('c6', { name: 'By hand' })
  s.intercom.world.changeContact(s.intercom.world.contact({ external_id: 'x15' })?.id ?? '', { name: 'By hand' })
  s.intercom.world.archiveContact('c7')
  const third = await s.undo(second.run)
  const [six, seven, fifteen] = [5, 6, 14].map((at) => s.states()[at])
  assert.deepEqual(
    [six, seven],
    ['live By hand +35311111', 'archived New 7 +35322222'],
    'a name that a person gave stays; the phone goes back',
  )
  assert.equal(third.plan.nothingToDo, 1)
  assert.match(fifteen ?? '', /^live By hand/, 'one that we made, and a person went on with, is not archived')

  // The Snapshot no longer has what was undone, so the next Run writes it again, except for archived records.
  const again = await s.run()
  assert.deepEqual([again.counts.rejected, s.states()[5]], [5, 'live New 6 +35322222'])
})

test('an update on which a later Run built: only what it left alone goes back', async (t) => {
  const s = await harness(t, { name: 'undo update', behavior: 'update', mapping: { name: 'name', phone: 'phone' } })
  s.warehouse.rows = [
    ['x1', 'New 1', '+35322222'],
    ['x2', 'New 2', '+35322222'],
  ]
  const run = await s.run()
  s.warehouse.rows = [
    ['x1', 'Newer 1', '+35322222'],
    ['x2', 'New 2', '+35322222'],
  ]
  await s.run()
  const { plan } = await s.undo(run.run)
  assert.deepEqual([plan.updates, s.states()[0], s.states()[1]], [2, 'live Newer 1 +35311111', 'live Old 2 +35311111'])
})

test('archiving: undone, done again, and undone; one that a person brought back is left alone', async (t) => {
  const s = await harness(t, { name: 'undo archive', behavior: 'archive' })
  s.warehouse.rows = [
    ['x1', '', ''],
    ['x2', '', ''],
    ['x3', '', ''],
  ]
  const atStart = s.states()
  const run = await s.run()
  const asRun = s.states()
  assert.equal(asRun.filter((state) => state.startsWith('archived')).length, 3)
  s.intercom.world.unarchiveContact('c3')
  const first = await s.undo(run.run)
  assert.deepEqual([first.plan.restores, first.plan.nothingToDo, s.states()], [2, 1, atStart])
  const second = await s.undo(first.run)
  assert.equal(second.plan.discards, 2)
  assert.deepEqual(s.states().filter((state) => state.startsWith('archived')).length, 2)
  const third = await s.undo(second.run)
  assert.deepEqual([third.plan.restores, s.states()], [2, atStart])
})
