import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { intercomActivation, quietPorts, type IntercomCase } from '../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import type { RunReport } from './run-report.ts'
import { runActivation } from './run.ts'
import { undoRun, type UndoPlan } from './undo.ts'

const { startIntercomEmulator, contactId, companyIntercomId } = await emulators.intercom()
let shiftMs = 0
const intercom = await startIntercomEmulator({
  contacts: 300,
  companies: 300,
  conversations: 300,
  tags: ['Seed'],
  limit: 1_000_000,
  now: () => Date.now() + shiftMs,
})
const database = await testDatabase()
after(async () => {
  await intercom.close()
  await database.close()
})
const ports = quietPorts(database.pool)
const { world } = intercom

/** Applies an external edit an hour later. */
function later(edit: () => void): void {
  shiftMs = 3_600_000
  edit()
  shiftMs = 0
}

async function undo(activation: Awaited<ReturnType<typeof intercomActivation>>, { run }: RunReport) {
  let plan: UndoPlan | undefined
  const report = await undoRun(activation, ports, { id: run, groups: [] }, (made) => {
    plan = made
    return Promise.resolve(true)
  })
  assert.ok(plan !== undefined && report !== undefined)
  assert.equal(report.fault, undefined, report.fault?.message)
  return { plan, report }
}

const kinds = {
  contact_tag: { kind: 'contact', idOf: contactId },
  company_tag: { kind: 'company', idOf: companyIntercomId },
  conversation_tag: { kind: 'conversation', idOf: String },
} as const
type Object = keyof typeof kinds

const cases: readonly (readonly [Object, string, 'batch' | 'single'])[] = [
  ['contact_tag', 'attach', 'batch'],
  ['contact_tag', 'attach', 'single'],
  ['company_tag', 'attach', 'batch'],
  ['conversation_tag', 'attach', 'batch'],
  ['contact_tag', 'mirror', 'batch'],
  ['company_tag', 'mirror', 'batch'],
]

for (const [object, behavior, delivery] of cases) {
  const { kind, idOf } = kinds[object]
  const ids = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, index) => idOf(from + index))

  test(`${object}, ${behavior}, ${delivery}: after run and undo the server is as at the start, but for what people did in between`, async () => {
    const tag = `${object} ${behavior} ${delivery}`
    const on = () => world.members(tag, kind).toSorted()
    const warehouse = simulateWarehouse()
    const activation = await intercomActivation(intercom, {
      name: tag,
      object,
      behavior,
      delivery,
      warehouse,
      tags: [tag],
    } satisfies IntercomCase)
    for (let index = 1; index <= 10; index += 1) world.attach(kind, index, tag)
    if (behavior === 'mirror') {
      warehouse.rows = ids(1, 60)
      await runActivation(activation, ports)
    }
    const atStart = on()
    warehouse.rows = ids(behavior === 'mirror' ? 31 : 1, 130)
    const run = await runActivation(activation, ports)
    assert.equal(run.fault, undefined, run.fault?.message)
    const asRun = on()
    assert.notDeepEqual(asRun, atStart)

    const first = await undo(activation, run)
    assert.deepEqual(on(), atStart)
    assert.deepEqual(
      [first.plan.removes, first.plan.adds, first.report.counts.delivered],
      behavior === 'mirror' ? [70, 20, 90] : [120, 0, 120],
    )

    const second = await undo(activation, first.report)
    assert.deepEqual(on(), asRun)

    // External changes in between: one tag removed, one added, and one removed and added again.
    world.detach(kind, 120, tag)
    world.attach(kind, 200, tag)
    const givesDate = object !== 'company_tag'
    if (givesDate) {
      world.detach(kind, 121, tag)
      later(() => world.attach(kind, 121, tag))
    }
    const third = await undo(activation, second.report)
    assert.deepEqual(on(), [...atStart, idOf(200), ...(givesDate ? [idOf(121)] : [])].toSorted())
    assert.deepEqual([third.plan.nothingToDo, third.plan.external], [1, givesDate ? 1 : 0])

    // The Snapshot no longer has what was undone, so the next Run writes it again.
    await runActivation(activation, ports)
    assert.deepEqual(on(), [...asRun.filter((id) => id !== idOf(120)), idOf(200)].toSorted())
  })
}

for (const object of ['contact_tag', 'company_tag', 'conversation_tag'] as const) {
  const { kind, idOf } = kinds[object]
  test(`${object}, detach of two tags: undo puts back just what came off, and the next Run takes it off again`, async () => {
    const [one, two] = [`${object} one`, `${object} two`]
    const state = () => [world.members(one, kind).toSorted(), world.members(two, kind).toSorted()]
    const warehouse = simulateWarehouse()
    const activation = await intercomActivation(intercom, {
      name: `${object} detach`,
      object,
      behavior: 'detach',
      warehouse,
      tags: [one, two],
    })
    for (let index = 1; index <= 40; index += 1) world.attach(kind, index, one)
    for (let index = 21; index <= 60; index += 1) world.attach(kind, index, two)
    const atStart = state()
    warehouse.rows = Array.from({ length: 80 }, (_, index) => idOf(index + 1))
    const run = await runActivation(activation, ports)
    assert.deepEqual([run.fault, ...state()], [undefined, [], []])
    const { report } = await undo(activation, run)
    assert.deepEqual(state(), atStart)
    const { report: again } = await undo(activation, report)
    assert.deepEqual(state(), [[], []])
    await undo(activation, again)
    assert.deepEqual(state(), atStart)
    assert.equal((await runActivation(activation, ports)).fault, undefined)
    assert.deepEqual(state(), [[], []])
  })
}
