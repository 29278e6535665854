import { sampleOf } from '../harness/sample-size.ts'
import { repeatedRows } from './tally.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { behaviorFor, type SyncBehavior } from '../../model/behavior.ts'
import type { Activation } from '../../engine/activation.ts'
import type { RunReport } from '../../engine/run-report.ts'
import { runActivation } from '../../engine/run.ts'
import { mortalPool } from '../failures/cut-pools.ts'
import { quietPorts } from '../harness/intercom-activation.ts'
import { openRecordStory, type PersonsEdit, type RecordRow, type StoryKit } from './record-story.ts'
import { runAndDie } from '../failures/run-and-die.ts'
import { simulateRecords, type RecordsMode } from '../simulated/simulated-records.ts'
import type { InjectedFault } from '../simulated/simulated-target.ts'
import { simulateWarehouse, type SimulatedWarehouse } from '../simulated/simulated-warehouse.ts'
import { testDatabase, type TestDatabase } from '../harness/test-database.ts'
import { letTimePass } from './let-time-pass.ts'

/**
 * One Run of a history: the rows of the query, the faults injected into Operations, and the query at which the process
 * dies.
 */
interface Chapter {
  readonly rows: readonly RecordRow[]
  readonly injectedFaults: readonly InjectedFault[]
  readonly diesAtQuery: number | undefined
  readonly readBreaksAfter: number | undefined
  /** Manual edits in the Target before this Run. */
  readonly edits: readonly PersonsEdit[]
  /** The Target's index before this Run: unchanged, up to date, or up to date after one more hour. */
  readonly index: 'lags' | 'current' | 'an hour later'
}

const keys = Array.from({ length: 8 }, (_, at) => `k${at}`)
const value = fc.oneof(
  { weight: 6, arbitrary: fc.constant('x') },
  { weight: 3, arbitrary: fc.constant('y') },
  { weight: 1, arbitrary: fc.constant(null) },
)
const key = fc.constantFrom(...keys)

const chapter: fc.Arbitrary<Chapter> = fc.record({
  rows: fc
    .tuple(
      fc.uniqueArray(fc.tuple(key, value, value), {
        minLength: 2,
        maxLength: keys.length,
        size: 'max',
        selector: ([name]) => name,
      }),
      fc.array(fc.tuple(fc.constantFrom(null, ' ', 'stranger', ...keys), value, value), { maxLength: 2 }),
    )
    .map(([regular, odd]) => [...regular, ...odd]),
  injectedFaults: fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant<InjectedFault>('ok') },
      { weight: 4, arbitrary: fc.constantFrom<InjectedFault>('on-hold', 'lost before', 'lost after', 'silent') },
      { weight: 1, arbitrary: fc.constantFrom<InjectedFault>('transient fault', 'auth fault') },
    ),
    { minLength: 1, maxLength: 8, size: 'max' },
  ),
  diesAtQuery: fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }) },
  ),
  readBreaksAfter: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 12 }) },
  ),
  edits: fc.array(
    fc.record({
      key,
      what: fc.constantFrom<PersonsEdit['what']>('a', 'a', 'b', 'archive', 'unarchive', 'delete', 'create'),
      value: fc.constantFrom('p', 'q', 'x', null),
      secondsAway: fc.constantFrom(-7200, 7200),
    }),
    { maxLength: 5, size: 'max' },
  ),
  index: fc.constantFrom('lags', 'current', 'an hour later'),
})

/**
 * Proves a behavior for whole records with random histories on a real database: rows whose values change, replies lost
 * before and after the write, missing replies, Faults, failed reads, a process killed between any two statements,
 * manual edits of all kinds, and an index that lags.
 * After every Run, even a failed one: nothing was written that no query asked for, no record was created twice, the
 * behavior did only what it may do, and a manual change after the last Run stands unless the row's own value changed.
 * Then one clean Run brings the Target to the query's result, and one more writes nothing.
 */
export function recordBehaviorKit(behavior: SyncBehavior): void {
  const sample = sampleOf({ deep: 100, usual: 60 })
  test(`${behavior.id}: ${sample.numRuns} random histories of whole records converge`, async (t) => {
    const database = await testDatabase(t)
    let number = 0
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<RecordsMode>('unique', 'native', 'twins'),
        fc.array(chapter, { minLength: 2, maxLength: 6, size: 'max' }),
        async (mode, history) => {
          number += 1
          await play(behavior, mode, history, database, `${behavior.id} ${number}`)
        },
      ),
      sample,
    )
  })
}

async function play(
  behavior: SyncBehavior,
  mode: RecordsMode,
  history: readonly Chapter[],
  database: TestDatabase,
  name: string,
): Promise<void> {
  const target = simulateRecords(mode)
  const warehouse = simulateWarehouse(['ext', 'a', 'b'])
  const activation = activationOf(name, behavior, target.spec, warehouse)
  const story = openRecordStory(activation, target, database.pool)
  for (const [at, ext] of keys.entries()) if (at % 3 === 0) target.create(ext, { a: 'p', b: 'q', c: 'r' }, -7200)
  target.catchUp()
  for (const { rows, injectedFaults, diesAtQuery, readBreaksAfter, edits, index } of history) {
    for (const edit of edits) await story.edit(edit)
    if (index === 'an hour later') await letTimePass(database.pool, name, target, '1 hour')
    if (index !== 'lags') target.catchUp()
    warehouse.rows = rows
    warehouse.breakAfter = readBreaksAfter
    let turn = 0
    target.injectedFault = () => injectedFaults[turn++ % injectedFaults.length] ?? 'ok'
    story.asks(rows)
    if (diesAtQuery === undefined)
      checkReport(
        await runActivation(activation, quietPorts(database.pool), { allow: ['empty'] }),
        rows,
        readBreaksAfter,
      )
    else await runAndDie(activation, quietPorts(database.pool), mortalPool(database.url, 'tailrace', diesAtQuery))
    story.check()
  }
  target.injectedFault = () => 'ok'
  warehouse.breakAfter = undefined
  await letTimePass(database.pool, name, target, '8 days')
  target.catchUp()
  await settleDown(activation, mode, database, story, target, history[history.length - 1]?.rows ?? [])
}

function activationOf(
  name: string,
  behavior: SyncBehavior,
  spec: Activation['target']['spec'],
  warehouse: SimulatedWarehouse,
): Activation {
  const object = spec.objects[0] as Activation['object']
  const table = behaviorFor(behavior, object)
  if (table === undefined) throw new Error(`${behavior.id} is not for whole records`)
  const setsFields = Object.values(table.plan).some(
    (asks) => asks === 'create' || asks === 'update' || asks === 'upsert',
  )
  const mapped = (field: string, onNull: 'skip' | 'clear') => ({
    field,
    from: { column: field },
    clean: [],
    onNull,
    onlyIfEmpty: false,
  })
  return {
    name,
    query: 'select ext, a, b from simulated',
    behavior: table,
    object,
    settings: {},
    warehouse: { name: 'w', spec: warehouse.spec, config: {}, secrets: [] },
    target: { name: 't', spec, config: {}, secrets: [] },
    identifier: { field: 'ext', column: 'ext' },
    ...(setsFields && { mapping: { fields: [mapped('a', 'skip'), mapped('b', 'clear')], autoMap: false } }),
    timeLimitMs: 240_000,
    baseDir: '/',
    ownership: 'respect',
    limits: { adds: 'off', removes: 'off', invalid: 'off', failures: 'off', shrunk: 'off' },
  }
}

function checkReport(report: RunReport, rows: readonly RecordRow[], readBreaksAfter: number | undefined): void {
  const { counts: c } = report
  if (report.fault?.kind === 'bug')
    assert.notEqual(readBreaksAfter, undefined, `an unexpected failure: ${report.fault.message}`)
  if (c.planned + c.unchanged > 0)
    assert.equal(
      c.read,
      repeatedRows(report) + c.invalid + c.added + c.changed + c.unchanged,
      'every row read is invalid, different, unchanged, or says the same as another one',
    )
  const answered = c.delivered + c.alreadyInPlace + c.leftAlone + c.rejected + c.onHold + c.unconfirmed
  assert.ok(answered >= c.planned, 'every planned Operation has an Outcome')
  if (report.fault === undefined) assert.equal(c.read, rows.length)
}

/** After a clean Run over the last rows, the Target matches them. One more Run writes nothing. */
async function settleDown(
  activation: Activation,
  mode: RecordsMode,
  { pool }: TestDatabase,
  story: StoryKit,
  target: ReturnType<typeof simulateRecords>,
  rows: readonly RecordRow[],
): Promise<void> {
  const run = async (): Promise<void> => {
    const report = await runActivation(activation, quietPorts(pool), { allow: ['empty'] })
    assert.equal(report.fault, undefined, report.fault?.message)
    checkReport(report, rows, undefined)
  }
  await run()
  // With a native upsert, only the reply shows that a record was gone. The next Run sends its unchanged values.
  if (mode === 'native') await run()
  target.catchUp()
  story.check()
  story.checkEnd(rows)
  const { asked } = target
  await run()
  assert.equal(target.asked, asked, 'a Run without news wrote to the Target')
}
