import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import type { Row } from '../model/row.ts'
import { intercomActivation, quietPorts } from '../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { runActivation } from './run.ts'
import { undoRun } from './undo.ts'

const { startIntercomEmulator } = await emulators.intercom()
const database = await testDatabase()
after(() => database.close())

const stays: Row = ['stays', 'Stays']
const jane: Row = ['jane', 'Jane']

/**
 * A mirror that restores archived records. It created `jane`, whose row was then removed from the query, and archived
 * it.
 */
async function archivedJane(t: TestContext, name: string) {
  const intercom = await startIntercomEmulator({ limit: 1_000_000, contacts: 0 })
  t.after(() => intercom.close())
  const warehouse = simulateWarehouse(['id', 'name'])
  const activation = await intercomActivation(intercom, {
    name,
    object: 'contact',
    behavior: 'mirror',
    warehouse,
    identifier: { field: 'external_id', column: 'id' },
    mapping: { name: 'name' },
    settings: { archived: 'unarchive' },
  })
  const ports = quietPorts(database.pool)
  const run = async (...rows: readonly Row[]) => {
    warehouse.rows = rows
    const report = await runActivation(activation, ports)
    assert.equal(report.fault, undefined, report.fault?.message)
    return report
  }
  const state = () => intercom.world.contact({ external_id: 'jane' })?.state
  await run(stays, jane)
  await run(stays)
  assert.equal(state(), 'archived')
  return {
    intercom,
    run,
    state,
    undo: (id: number) => undoRun(activation, ports, { id, groups: [] }, () => Promise.resolve(true)),
    id: intercom.world.contact({ external_id: 'jane' })?.id ?? '',
  }
}

test('mirror: what it had created and archived, and brought back with its row, is archived again when the row leaves again, and so on', async (t) => {
  const s = await archivedJane(t, 'comes and goes')
  for (const turn of ['second', 'third']) {
    await s.run(stays, jane)
    assert.equal(s.state(), 'live', turn)
    await s.run(stays)
    assert.equal(s.state(), 'archived', turn)
  }
  assert.equal(s.intercom.world.createdContacts().length, 2, 'it is the same contact all the time')
})

test('mirror: what a person brought back from the archive is theirs', async (t) => {
  const s = await archivedJane(t, 'brought back by hand')
  s.intercom.world.unarchiveContact(s.id)
  await s.run(stays, ['jane', 'Jane II'])
  await s.run(stays)
  assert.equal(s.state(), 'live')
})

test('mirror: what a person brought back stays theirs when they archive it and its row brings it back', async (t) => {
  const s = await archivedJane(t, 'to and fro by hand')
  s.intercom.world.unarchiveContact(s.id)
  await s.run(stays, jane)
  s.intercom.world.archiveContact(s.id)
  await s.run(stays, ['jane', 'Jane II'])
  assert.equal(s.state(), 'live')
  await s.run(stays)
  assert.equal(s.state(), 'live')
})

test("mirror: a person's contact that stood in the archive is brought back, and not archived when its row leaves", async (t) => {
  const s = await archivedJane(t, 'theirs from the start')
  const external = s.intercom.world.createContact({ external_id: 'external', name: 'By hand' })
  s.intercom.world.archiveContact(external)
  await s.run(stays, ['external', 'From the query'])
  await s.run(stays)
  assert.equal(s.intercom.world.contact({ external_id: 'external' })?.state, 'live')
})

test('mirror: a creation that an undo archived, and whose row brings it back, is ours again', async (t) => {
  const s = await archivedJane(t, 'undone, and back')
  const again = await s.run(stays, ['joe', 'Joe'])
  const joe = () => s.intercom.world.contact({ external_id: 'joe' })?.state
  await s.undo(again.run)
  assert.equal(joe(), 'archived')
  await s.run(stays, ['joe', 'Joe'])
  assert.equal(joe(), 'live')
  await s.run(stays)
  assert.equal(joe(), 'archived')
})
