import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import type { Row } from '../model/row.ts'
import { intercomActivation, quietPorts, type IntercomCase } from '../testing/harness/intercom-activation.ts'
import { rewritesPhones } from '../testing/failures/rewrites-phones.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { runActivation } from './run.ts'
import { undoRun, type UndoPlan } from './undo.ts'

const { startIntercomEmulator } = await emulators.intercom()
const database = await testDatabase()
after(() => database.close())
const minute = 60_000

/**
 * A workspace without contacts, and a query that names one. The reply to its first creation is lost, after or before it
 * was applied.
 */
async function harness(
  t: TestContext,
  name: string,
  {
    lost = 'after',
    indexLagMs = 0,
    rewrites = false,
    ...testCase
  }: { lost?: 'after' | 'before'; indexLagMs?: number; rewrites?: boolean } & Partial<IntercomCase> = {},
) {
  const clock = { shiftMs: 0 }
  const now = () => Date.now() + clock.shiftMs
  const intercom = await startIntercomEmulator({ limit: 1_000_000, contacts: 0, indexLagMs, now })
  t.after(() => intercom.close())
  const warehouse = simulateWarehouse(['id', 'name', 'phone'])
  warehouse.rows = [['jane', 'Jane', null]]
  const proxy = rewrites ? await rewritesPhones(intercom) : undefined
  t.after(() => proxy?.close())
  const activation = await intercomActivation(proxy ?? intercom, {
    name,
    object: 'contact',
    behavior: 'upsert',
    warehouse,
    identifier: { field: 'external_id', column: 'id' },
    mapping: { name: 'name', phone: 'phone' },
    ...testCase,
  })
  intercom.faults.add({
    method: 'POST',
    path: '/contacts',
    count: 1,
    effect: { type: 'reset', applied: lost === 'after' },
  })
  const ports = { ...quietPorts(database.pool), now }
  const run = async (...rows: readonly Row[]) => {
    if (rows.length > 0) warehouse.rows = rows
    const report = await runActivation(activation, ports)
    assert.equal(report.fault, undefined, report.fault?.message)
    return report
  }
  return {
    intercom,
    clock,
    run,
    jane: () => intercom.world.contact({ external_id: 'jane' }),
    /** Creates a contact manually, an hour before everything else. */
    makeByHand() {
      clock.shiftMs = -60 * minute
      const id = intercom.world.createContact({ external_id: 'jane', name: 'By hand' })
      clock.shiftMs = 0
      return id
    },
    async undo(id: number) {
      let plan: UndoPlan | undefined
      const report = await undoRun(activation, ports, { id, groups: [] }, (made) => {
        plan = made
        return Promise.resolve(true)
      })
      assert.equal(report?.fault, undefined, report?.fault?.message)
      assert.ok(plan !== undefined)
      return { plan, report }
    },
  }
}

test("a creation whose reply was lost, and which the next Run found: either Run's undo takes it back", async (t) => {
  for (const which of ['that found it', 'that sent it'] as const) {
    const s = await harness(t, `found, undo of the Run ${which}`)
    const first = await s.run()
    const second = await s.run()
    assert.deepEqual(
      [first.counts.unconfirmed, second.counts.delivered, second.requests.write, s.jane()?.state],
      [1, 1, 0, 'live'],
    )
    const { plan } = await s.undo(which === 'that sent it' ? first.run : second.run)
    assert.deepEqual([plan.discards, s.jane()?.state], [1, 'archived'], which)
    // Nothing is left to undo for the other Run.
    const other = await s.undo(which === 'that sent it' ? second.run : first.run)
    assert.deepEqual([other.plan.discards, other.plan.nothingToDo], [0, 1])
  }
})

test('found, and changed by a person or a later Run since: it stays', async (t) => {
  const s = await harness(t, 'found, and changed by hand')
  const first = await s.run()
  const second = await s.run()
  s.intercom.world.changeContact(s.jane()?.id ?? '', { name: 'By hand' })
  for (const { run } of [first, second])
    assert.deepEqual([(await s.undo(run)).plan.external, s.jane()?.state], [1, 'live'])

  const later = await harness(t, 'found, and changed later')
  const sent = await later.run()
  const found = await later.run()
  const third = await later.run(['jane', 'Jane II', null])
  for (const { run } of [sent, found]) {
    const { plan } = await later.undo(run)
    assert.deepEqual([plan.later, plan.laterRun, later.jane()?.state], [1, third.run, 'live'])
  }
})

test("found with other values, and put right: all of it is as we wrote it, so it is taken back; a person's edit of what was not sent again keeps it", async (t) => {
  for (const byHand of [false, true]) {
    const s = await harness(t, `put right ${byHand}`)
    await s.run(['jane', 'Jane', '+35311111'])
    const second = await s.run(['jane', 'Jane II', '+35311111'])
    assert.deepEqual([second.counts.delivered, second.requests.write], [1, 1])
    if (byHand) s.intercom.world.changeContact(s.jane()?.id ?? '', { phone: '+35399999' })
    const { plan } = await s.undo(second.run)
    assert.deepEqual([plan.discards, plan.external, s.jane()?.state], byHand ? [0, 1, 'live'] : [1, 0, 'archived'])
  }
})

test('still in doubt: undo looks, archives what came to be just then and holds what was sent, and nothing believes in it any more', async (t) => {
  const s = await harness(t, 'in doubt')
  const first = await s.run()
  const { plan } = await s.undo(first.run)
  assert.deepEqual([plan.discards, s.jane()?.state], [1, 'archived'])
  const { rows } = await database.pool.query(
    `select from snapshot n join activation a on a.id = n.activation_id where a.name = 'in doubt'`,
  )
  assert.equal(rows.length, 0)
  assert.equal((await s.run()).counts.rejected, 1, 'an archived contact blocks the creation')
})

test('still in doubt, and never made: there is nothing to do, and nothing is sent', async (t) => {
  const s = await harness(t, 'never made', { lost: 'before' })
  const first = await s.run()
  const { plan, report } = await s.undo(first.run)
  assert.deepEqual([plan.nothingToDo, report], [1, undefined])
  assert.equal((await s.run()).counts.delivered, 1)
})

test('still in doubt, and changed by a person since: it stays', async (t) => {
  const s = await harness(t, 'in doubt, changed by hand')
  const first = await s.run()
  s.intercom.world.changeContact(s.jane()?.id ?? '', { name: 'By hand' })
  const { plan, report } = await s.undo(first.run)
  assert.deepEqual([plan.external, report, s.jane()?.state], [1, undefined, 'live'])
})

test('still in doubt, by an email that the index does not show yet: it cannot be told, stays, and the undo says so', async (t) => {
  const s = await harness(t, 'in doubt, not in the index', {
    indexLagMs: 3 * minute,
    identifier: { field: 'email', column: 'id' },
  })
  const first = await s.run(['jane@acme.test', 'Jane', null])
  const { plan, report } = await s.undo(first.run)
  assert.deepEqual(
    [plan.stateUnknown, report, s.intercom.world.createdContacts().map(({ state }) => state)],
    [1, undefined, ['live']],
  )
  s.clock.shiftMs = 20 * minute
  const looked = await s.undo(first.run)
  assert.deepEqual(
    [looked.plan.discards, s.intercom.world.createdContacts().map(({ state }) => state)],
    [1, ['archived']],
  )
})

test('what a person had made before, which the index did not show, is never archived', async (t) => {
  const unconfirmed = await harness(t, 'theirs, in doubt', { indexLagMs: 120 * minute })
  unconfirmed.makeByHand()
  const first = await unconfirmed.run()
  assert.equal(first.counts.unconfirmed, 1)
  const { plan, report } = await unconfirmed.undo(first.run)
  assert.deepEqual([plan.stateUnknown, report, unconfirmed.jane()?.state], [1, undefined, 'live'])

  const asked = await harness(t, 'theirs, asked again', { indexLagMs: 120 * minute })
  asked.makeByHand()
  const sent = await asked.run()
  const second = await asked.run()
  assert.deepEqual([sent.counts.unconfirmed, second.counts.delivered, asked.jane()?.name], [1, 1, 'Jane'])
  for (const { run } of [second, sent])
    assert.deepEqual([(await asked.undo(run)).plan.stateUnknown, asked.jane()?.state], [1, 'live'])
})

test('asked again before the index showed it, and answered that it is there: what came to be when it was first sent is taken back', async (t) => {
  const s = await harness(t, 'asked again', { indexLagMs: 3 * minute })
  const first = await s.run()
  const second = await s.run()
  assert.deepEqual([first.counts.unconfirmed, second.counts.delivered, second.requests.write], [1, 1, 2])
  const sent = await s.undo(first.run)
  assert.deepEqual([sent.plan.later, sent.plan.laterRun, s.jane()?.state], [1, second.run, 'live'])
  const { plan } = await s.undo(second.run)
  assert.deepEqual([plan.discards, s.jane()?.state], [1, 'archived'])
})

test('mirror: a creation that was found by reading is ours, and archived when its row leaves', async (t) => {
  const s = await harness(t, 'mirror, found', { behavior: 'mirror' })
  await s.run(['stays', 'Stays', null], ['jane', 'Jane', null])
  await s.run()
  await s.run(['stays', 'Stays', null])
  assert.equal(s.jane()?.state ?? 'archived', 'archived')
  assert.deepEqual(
    s.intercom.world
      .createdContacts()
      .map(({ state }) => state)
      .toSorted(),
    ['archived', 'live'],
  )
})

test('insert: found, but a person changed it before it was found: it stays; else it is taken back', async (t) => {
  for (const byHand of [false, true]) {
    const s = await harness(t, `insert ${byHand}`, { behavior: 'insert' })
    await s.run()
    if (byHand) s.intercom.world.changeContact(s.jane()?.id ?? '', { name: 'By hand' })
    const second = await s.run()
    assert.deepEqual([second.counts.delivered, second.requests.write], [1, 0])
    const { plan } = await s.undo(second.run)
    assert.deepEqual([plan.discards, plan.external, s.jane()?.state], byHand ? [0, 1, 'live'] : [1, 0, 'archived'])
  }
})

test('the process died after it created, before it wrote that down: the Run that found it can be taken back', async (t) => {
  const s = await harness(t, 'died')
  const first = await s.run()
  // The state that a process leaves if it dies between the answer and the settlement.
  await database.pool.query('delete from ledger where run_id = $1', [first.run])
  const unknown = await s.undo(first.run)
  assert.deepEqual([unknown.plan.stateUnknown, s.jane()?.state], [1, 'live'], 'what was asked is not known')
  const second = await s.run()
  const { plan } = await s.undo(second.run)
  assert.deepEqual([plan.discards, s.jane()?.state], [1, 'archived'])
})

test('a creation with a phone that Intercom rewrote is taken back: it is as Intercom kept it', async (t) => {
  const s = await harness(t, 'rewritten', { lost: 'before', rewrites: true })
  await s.run(['other', 'Other', null])
  const second = await s.run(['jane', 'Jane', '+1 (555) 0100'])
  assert.deepEqual([second.counts.delivered, s.jane()?.phone], [1, '+15550100'])
  const { plan } = await s.undo(second.run)
  assert.deepEqual([plan.discards, plan.external, s.jane()?.state], [1, 0, 'archived'])
})
