import { sampleOf } from '../testing/harness/sample-size.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { attach } from '../behaviors/attach.ts'
import type { SyncBehavior } from '../model/behavior.ts'
import { detach } from '../behaviors/detach.ts'
import { mirror } from '../behaviors/mirror.ts'
import { simulateTarget, type InjectedFault, type SimulatedTarget } from '../testing/simulated/simulated-target.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase, type TestDatabase } from '../testing/harness/test-database.ts'
import type { Activation } from './activation.ts'
import type { RunReport } from './run-report.ts'
import type { Ports } from './ports.ts'
import { runActivation } from './run.ts'
import { undoRun, type UndoPlan } from './undo.ts'

const keys = Array.from({ length: 20 }, (_, index) => String(index).padStart(3, '0'))
const rows = fc.uniqueArray(fc.constantFrom(...keys), { maxLength: 20, size: 'max' })
const passing = fc.array(fc.constantFrom<InjectedFault>('ok', 'ok', 'ok', 'on-hold'), { minLength: 1, maxLength: 6 })
const rough = fc.array(
  fc.constantFrom<InjectedFault>(
    'ok',
    'ok',
    'ok',
    'ok',
    'on-hold',
    'lost before',
    'lost after',
    'silent',
    'transient fault',
    'auth fault',
  ),
  { minLength: 1, maxLength: 8 },
)

/** Earlier Runs, the Run to undo, external changes after it, and the faults of the first undo. */
const history = fc.record({
  before: fc.array(fc.record({ rows, injectedFaults: passing }), { maxLength: 2 }),
  rows,
  injectedFaults: fc.oneof(passing, rough),
  edits: fc.array(
    fc.record({
      key: fc.constantFrom(...keys),
      what: fc.constantFrom('on', 'off'),
      secondsAway: fc.constantFrom(-7200, 7200),
    }),
    { maxLength: 8, size: 'max' },
  ),
  undoFaults: fc.oneof(fc.constant<InjectedFault[]>(['ok']), rough),
})

for (const behavior of [attach, mirror, detach]) {
  const sample = sampleOf({ deep: 300, usual: 60 })
  test(`${behavior.id}: over ${sample.numRuns} random histories, an undo leaves what was before and what people did, and can be undone`, async (t) => {
    const database = await testDatabase(t)
    let number = 0
    await fc.assert(
      fc.asyncProperty(history, async (story) => {
        number += 1
        await play(openBench(behavior, database, `${behavior.id} ${number}`), story)
      }),
      sample,
    )
  })
}

interface Bench {
  readonly target: SimulatedTarget
  readonly takesOff: boolean
  run(rows: readonly string[], injectedFaults: readonly InjectedFault[]): Promise<RunReport>
  undo(
    run: number,
    injectedFaults: readonly InjectedFault[],
  ): Promise<{ readonly plan: UndoPlan; readonly report: RunReport | undefined }>
  /** Keys of the Run whose removal was sent without a clear answer. */
  doubtfulRemovals(run: number): Promise<ReadonlySet<string>>
}

async function play(
  bench: Bench,
  { before, rows: asked, injectedFaults, edits, undoFaults }: typeof history extends fc.Arbitrary<infer T> ? T : never,
): Promise<void> {
  const { target } = bench
  for (const chapter of before) await bench.run(chapter.rows, chapter.injectedFaults)
  const atStart = tagged(target)
  const { run } = await bench.run(asked, injectedFaults)
  const asLeft = new Map(target.tagged)
  for (const { key, what, secondsAway } of edits) target.byHand(key, what, secondsAway)
  const touched = new Set(keys.filter((key) => target.tagged.get(key) !== asLeft.get(key)))
  const edited = tagged(target)
  const lost = target.lost.length
  const unknown = await bench.doubtfulRemovals(run)
  const first = await bench.undo(run, undoFaults)
  if (undoFaults.every((injectedFault) => injectedFault === 'ok') && first.report !== undefined) {
    const again = await bench.undo(first.report.run, ['ok'])
    assert.deepEqual(tagged(target), edited, 'the undo of the undo did not restore what it found')
    assert.ok(again.report !== undefined)
    assert.ok((await bench.undo(again.report.run, ['ok'])).report !== undefined)
  }
  await bench.undo(run, ['ok'])
  for (const key of keys) {
    if (unknown.has(key)) continue
    assert.equal(
      target.tagged.has(key),
      (touched.has(key) ? edited : atStart).has(key),
      `${key} is not as ${touched.has(key) ? 'a person left it' : 'before the Run'}`,
    )
  }
  assert.deepEqual(target.lost.slice(lost), [], 'a tag that a person had put on was taken off')
  assert.equal((await bench.undo(run, ['ok'])).report, undefined, 'what is taken back already is taken back again')

  await bench.run(asked, ['ok'])
  const clean = (key: string) => !touched.has(key)
  for (const key of asked.filter(clean))
    assert.equal(target.tagged.has(key), !bench.takesOff, `${key}: the next Run did not do anew what was taken back`)
  if (!bench.takesOff) assert.deepEqual(target.lost, [], 'the next Run robbed a person')
}

test('what a later Run did anew is left to the undo of that one, and a Run that changed nothing asks nothing', async (t) => {
  const bench = openBench(attach, await testDatabase(t), 'later')
  const mine = () => [...tagged(bench.target)].filter((key) => bench.target.tagged.get(key)?.by === 'us')
  const one = await bench.run(['001', '002'], ['ok'])
  assert.equal((await bench.run(['001', '002'], ['ok'])).status, 'shelved')
  assert.equal((await bench.undo(one.run, ['ok'])).report?.counts.delivered, 2)
  const three = await bench.run(['001'], ['ok'])
  const { plan, report } = await bench.undo(one.run, ['ok'])
  assert.deepEqual([plan.removes, plan.later, plan.laterRun, plan.nothingToDo, report], [0, 1, three.run, 1, undefined])
  assert.deepEqual(mine(), ['001'])
  assert.equal((await bench.undo(three.run, ['ok'])).report?.status, 'completed')
  assert.deepEqual(mine(), [])
})

test('what is ours stays ours while its removal is in doubt, however long ago it was put on', async (t) => {
  const database = await testDatabase(t)
  const bench = openBench(mirror, database, 'long ago')
  await bench.run(['001', '002'], ['ok'])
  const hours = async (ago: number) => {
    for (const [key, { by, appliedAt }] of bench.target.tagged)
      bench.target.tagged.set(key, { by, appliedAt: appliedAt - ago * 3600 })
    await database.pool.query(`update run set started_at = started_at - $1 * interval '1 hour'`, [ago])
    await database.pool.query(
      `update ledger set at = at - $1 * interval '1 hour', since = since - $1 * interval '1 hour'`,
      [ago],
    )
    await database.pool.query(
      `update snapshot set sent_from = sent_from - $1 * interval '1 hour', sent_to = sent_to - $1 * interval '1 hour'`,
      [ago],
    )
  }
  await hours(5)
  assert.equal((await bench.run([], ['lost before'])).counts.unconfirmed, 2)
  await hours(5)
  // One is in the query again, and the other is not. Both links are still managed.
  await bench.run(['001'], ['ok'])
  assert.deepEqual([bench.target.tagged.get('001')?.by, bench.target.tagged.has('002')], ['us', false])
  await bench.run([], ['ok'])
  assert.equal(bench.target.tagged.has('001'), false)
})

function openBench(behavior: SyncBehavior, database: TestDatabase, name: string): Bench {
  const takesOff = behavior.plan.added === 'detach'
  const target = simulateTarget(
    keys,
    takesOff ? keys.filter((_, index) => index % 3 !== 0) : keys.filter((_, index) => index % 5 === 0),
  )
  const warehouse = simulateWarehouse()
  const activation: Activation = {
    name,
    query: 'select id from simulated',
    behavior,
    object: target.spec.objects[0] as Activation['object'],
    settings: { tags: ['Tag'] },
    warehouse: { name: 'w', spec: warehouse.spec, config: {}, secrets: [] },
    target: { name: 't', spec: target.spec, config: {}, secrets: [] },
    identifier: { field: 'id', column: 'id' },
    timeLimitMs: 240_000,
    baseDir: '/',
    ownership: 'respect',
    limits: { adds: 'off', removes: 'off', invalid: 'off', failures: 'off', shrunk: 'off' },
  }
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }
  const ports: Ports = {
    database: database.pool,
    now: Date.now,
    random: Math.random,
    worker: 'undo-test',
    log: silent,
    progress: () => undefined,
    stop: new AbortController().signal,
    abort: new AbortController().signal,
  }
  const meet = (injectedFaults: readonly InjectedFault[]): void => {
    target.catchUp()
    let turn = 0
    target.injectedFault = () => injectedFaults[turn++ % injectedFaults.length] ?? 'ok'
  }
  return {
    target,
    takesOff,
    async run(asked, injectedFaults) {
      meet(injectedFaults)
      warehouse.rows = asked
      return await runActivation(activation, ports, { allow: ['empty'] })
    },
    async undo(run, injectedFaults) {
      meet(injectedFaults)
      let plan: UndoPlan | undefined
      const report = await undoRun(activation, ports, { id: run, groups: [] }, (shown) => {
        plan = shown
        return Promise.resolve(true)
      })
      assert.ok(plan !== undefined)
      return { plan, report }
    },
    async doubtfulRemovals(run) {
      const { rows: found } = await database.pool.query<{ key: string }>(
        `select key from ledger where run_id = $1 and kind = 'detach' and status = 'unconfirmed'`,
        [run],
      )
      return new Set(found.map(({ key }) => key))
    },
  }
}

function tagged(target: SimulatedTarget): ReadonlySet<string> {
  return new Set([...target.tagged.keys()].toSorted())
}
