import assert from 'node:assert/strict'
import { repeatedRows, openTally, tallyOutcomes, type Tally } from './tally.ts'
import { test } from 'node:test'
import fc from 'fast-check'
import type { SyncBehavior } from '../../model/behavior.ts'
import type { Activation } from '../../engine/activation.ts'
import type { RunReport } from '../../engine/run-report.ts'
import { runActivation } from '../../engine/run.ts'
import type { Ports } from '../../engine/ports.ts'
import type { Cell } from '../../model/row.ts'
import { mortalPool } from '../failures/cut-pools.ts'
import { runAndDie } from '../failures/run-and-die.ts'
import { sampleOf } from '../harness/sample-size.ts'
import { simulateTarget, type InjectedFault, type SimulatedTarget } from '../simulated/simulated-target.ts'
import { simulateWarehouse } from '../simulated/simulated-warehouse.ts'
import { testDatabase } from '../harness/test-database.ts'

/**
 * One Run of a history: the rows of the query, the faults injected into Operations, and the query at which the process
 * dies.
 */
interface Chapter {
  readonly rows: readonly Cell[]
  readonly injectedFaults: readonly InjectedFault[]
  readonly diesAtQuery: number | undefined
  readonly readBreaksAfter: number | undefined
  /**
   * Manual edits in the Target before this Run, and whether its index shows them. `secondsAway` keeps their times apart
   * from Tailrace's writes.
   */
  readonly edits: readonly { readonly key: string; readonly what: 'on' | 'off'; readonly secondsAway: number }[]
  readonly indexIsCurrent: boolean
}

const keys = Array.from({ length: 30 }, (_, index) => String(index).padStart(3, '0'))
const unlisted = ['stranger 1', 'stranger/2']
const everyInjectedFault: readonly InjectedFault[] = [
  'ok',
  'on-hold',
  'lost before',
  'lost after',
  'silent',
  'transient fault',
  'auth fault',
]
const events = [
  'ran',
  'died',
  'read broke',
  'edit on',
  'edit off',
  'index lags',
  ...everyInjectedFault,
  'delivered',
  'in-place',
  'rejected',
  'on-hold',
  'unconfirmed',
]

const chapter: fc.Arbitrary<Chapter> = fc.record({
  rows: fc.array(
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...keys) },
      { weight: 1, arbitrary: fc.constantFrom(null, '', '  ', ...unlisted) },
    ),
    { maxLength: 40, size: 'max' },
  ),
  injectedFaults: fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.constant<InjectedFault>('ok') },
      { weight: 3, arbitrary: fc.constantFrom<InjectedFault>('on-hold', 'lost before', 'lost after', 'silent') },
      { weight: 1, arbitrary: fc.constantFrom<InjectedFault>('transient fault', 'auth fault') },
    ),
    { minLength: 1, maxLength: 12, size: 'max' },
  ),
  diesAtQuery: fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 45 }) },
  ),
  readBreaksAfter: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 30 }) },
  ),
  edits: fc.array(
    fc.record({
      key: fc.constantFrom(...keys),
      what: fc.constantFrom('on', 'off'),
      secondsAway: fc.constantFrom(-7200, 7200),
    }),
    { maxLength: 5, size: 'max' },
  ),
  indexIsCurrent: fc.boolean(),
})

/**
 * Proves a behavior for memberships with random histories on a real database: replies lost before and after the write,
 * missing replies, Faults, failed reads, a process killed between any two statements, manual tagging and untagging, and
 * an index that lags. Then one clean Run must bring the Target to the query's result: nothing was written that no query
 * asked for, no external tag was removed, and nothing known to be in place was sent again.
 */
export function behaviorKit(behavior: SyncBehavior): void {
  const sample = sampleOf({ deep: 300, usual: 80 })
  test(`${behavior.id}: ${sample.numRuns} random histories converge`, async (t) => {
    const database = await testDatabase(t)
    const tally = openTally()
    let number = 0
    await fc.assert(
      fc.asyncProperty(fc.array(chapter, { minLength: 1, maxLength: 4, size: 'max' }), async (history) => {
        number += 1
        await play(behavior, history, database, `${behavior.id} ${number}`, tally)
      }),
      sample,
    )
    await tallyOutcomes(database.pool, tally)
    tally.check(events)
  })
}

async function play(
  behavior: SyncBehavior,
  history: readonly Chapter[],
  database: Awaited<ReturnType<typeof testDatabase>>,
  name: string,
  tally: Tally,
): Promise<void> {
  const takesOff = behavior.plan.added === 'detach'
  const before = takesOff ? keys : keys.filter((_, index) => index % 5 === 0)
  const target = simulateTarget(keys, before)
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
  const ports = portsOf(database.pool)
  const story: Story = { everAsked: new Set(), touched: new Set(), before: new Set(before) }
  for (const { rows, injectedFaults, diesAtQuery, readBreaksAfter, edits, indexIsCurrent } of history) {
    for (const { key, what, secondsAway } of edits) {
      target.byHand(key, what, secondsAway)
      story.touched.add(key)
      tally.note(`edit ${what}`)
    }
    if (indexIsCurrent) target.catchUp()
    else tally.note('index lags')
    warehouse.rows = rows
    warehouse.breakAfter = readBreaksAfter
    let turn = 0
    target.injectedFault = () => {
      const injectedFault = injectedFaults[turn++ % injectedFaults.length] ?? 'ok'
      tally.note(injectedFault)
      return injectedFault
    }
    for (const row of rows) if (row !== null) story.everAsked.add(row)
    if (diesAtQuery === undefined) {
      const report = await runActivation(activation, ports, { allow: ['empty'] })
      checkReport(report, rows, readBreaksAfter)
      tally.note(report.fault?.kind === 'bug' ? 'read broke' : 'ran')
    } else {
      const mortal = mortalPool(database.url, 'tailrace', diesAtQuery)
      await runAndDie(activation, ports, mortal)
      if (mortal.dead) tally.note('died')
    }
  }
  await settleDown(activation, ports, target, warehouse, history[history.length - 1]?.rows ?? [], story)
}

/**
 * What the final check needs: keys that a query named, keys that a person edited, and keys tagged before the first Run.
 */
interface Story {
  readonly everAsked: Set<string>
  readonly touched: Set<string>
  readonly before: ReadonlySet<string>
}

function checkReport(report: RunReport, rows: readonly Cell[], readBreaksAfter: number | undefined): void {
  const { counts: c } = report
  if (report.fault?.kind === 'bug')
    assert.equal(readBreaksAfter !== undefined, true, `an unexpected failure: ${report.fault.message}`)
  if (c.planned + c.unchanged > 0)
    assert.equal(
      c.read,
      repeatedRows(report) + c.invalid + c.added + c.changed + c.unchanged,
      'every row read is invalid, different, unchanged, or says the same as another one',
    )
  const answered = c.delivered + c.alreadyInPlace + c.leftAlone + c.rejected + c.onHold + c.unconfirmed
  assert.ok(
    answered >= c.planned && answered - c.planned <= c.alreadyInPlace + c.leftAlone,
    'every planned Operation has an Outcome',
  )
  if (report.fault === undefined) assert.equal(c.read, rows.length)
}

/** After a clean Run over the last rows, the Target matches them. One more Run writes nothing. */
async function settleDown(
  activation: Activation,
  ports: Ports,
  target: SimulatedTarget,
  warehouse: ReturnType<typeof simulateWarehouse>,
  rows: readonly Cell[],
  story: Story,
): Promise<void> {
  target.injectedFault = () => 'ok'
  warehouse.breakAfter = undefined
  warehouse.rows = rows
  const times = new Map<Cell, number>()
  for (const row of rows) times.set(row, (times.get(row) ?? 0) + 1)
  const meant = keys.filter((key) => times.has(key))
  checkReport(await runActivation(activation, ports, { allow: ['empty'] }), rows, undefined)
  const takesOff = activation.behavior.plan.added === 'detach'
  for (const key of keys) {
    const isTagged = target.tagged.has(key)
    // Manual edits after a Run stay as they are. A lagging index may have hidden earlier ones.
    if (meant.includes(key) && !story.touched.has(key))
      assert.equal(isTagged, !takesOff, `${key} is not as the query asks`)
    if (!story.everAsked.has(key) && !story.touched.has(key))
      assert.equal(isTagged, story.before.has(key), `${key} was touched, though no query named it`)
    if (activation.behavior.plan.removed === 'detach' && !times.has(key))
      assert.notEqual(target.tagged.get(key)?.by, 'us', `${key} left the query and kept our tag`)
  }
  if (!takesOff) assert.deepEqual(target.lost, [], 'a tag that a person had put on was taken off')
  const before = target.writes.length
  const again = await runActivation(activation, ports, { allow: ['empty'] })
  const repeated = target.writes.slice(before).filter(({ key }) => target.targetRecords.has(key))
  assert.deepEqual(repeated, [], 'a Run without news wrote to the Target')
  assert.equal(
    again.counts.unchanged + again.counts.added,
    meant.length + new Set(rows.filter((row) => row !== null && unlisted.includes(row))).size,
  )
}

function portsOf(database: Ports['database']): Ports {
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }
  return {
    database,
    now: Date.now,
    random: Math.random,
    worker: 'behavior-kit',
    log: silent,
    progress: () => undefined,
    stop: new AbortController().signal,
    abort: new AbortController().signal,
  }
}
