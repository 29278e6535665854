import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { behaviorFor, type SyncBehavior } from '../../model/behavior.ts'
import type { Activation } from '../../engine/activation.ts'
import type { RunReport } from '../../engine/run-report.ts'
import { runActivation } from '../../engine/run.ts'
import { undoRun } from '../../engine/undo.ts'
import { verifyActivation } from '../../engine/verify.ts'
import { Fault } from '../../model/fault.ts'
import { quietPorts } from '../harness/intercom-activation.ts'
import { letTimePass } from './let-time-pass.ts'
import { mortalPool } from '../failures/cut-pools.ts'
import { spokenFields, stepOf, termsOf, type Deed, type NamedRow, type Step, type Terms } from './record-history.ts'
import { openRecordOracle, type RecordOracle } from './record-oracle.ts'
import { runAndDie } from '../failures/run-and-die.ts'
import { sampleOf } from '../harness/sample-size.ts'
import { simulateRecords, type SimulatedRecords } from '../simulated/simulated-records.ts'
import { simulateWarehouse, type SimulatedWarehouse } from '../simulated/simulated-warehouse.ts'
import { openTally, tallyOutcomes, type Tally } from './tally.ts'
import { testDatabase, type TestDatabase } from '../harness/test-database.ts'

/** A sample of this size has all these events, except in one of several thousand samples. */
const frequent = {
  from: 20,
  events: ['run', 'died', 'undo', 'verify', 'index lags', 'ok', 'delivered', 'edit a', 'edit create'],
}
const rarer = {
  from: 60,
  events: [
    'read broke',
    'repair',
    'rejected',
    ...['b', 'c', 'd', 'archive', 'delete', 'twin'].map((what) => `edit ${what}`),
  ],
}
const whereWritten = {
  from: 60,
  events: [
    'on-hold',
    'lost before',
    'lost after',
    'silent',
    'in-place',
    'unconfirmed',
    'undo wrote',
    'edit rename',
    'edit unarchive',
  ],
}

/** One history and everything that it runs on. */
interface Stage {
  readonly activation: Activation
  readonly terms: Terms
  readonly database: TestDatabase
  readonly target: SimulatedRecords
  readonly warehouse: SimulatedWarehouse
  readonly oracle: RecordOracle
  readonly tally: Tally
}

/**
 * Proves a behavior for whole records with long random histories: ordered identifiers; Fields that are cleared, skipped
 * or set only where empty; several matches; manual edits, renames, archiving, restoring, deletion and duplicates; Runs
 * that lose replies, fail or die; undos; drift checks and repairs.
 * After each step, every write must be one that a Run of these rows, or an undo of that Run, may make. At the end the
 * Target matches the query.
 */
export function recordHistoryKit(behavior: SyncBehavior): void {
  const sample = sampleOf({ deep: 20, usual: 10 })
  test(`${behavior.id}: ${sample.numRuns} long histories of whole records lose nothing`, async (t) => {
    const database = await testDatabase(t)
    const tally = openTally()
    let number = 0
    await fc.assert(
      fc.asyncProperty(
        termsOf,
        fc.array(stepOf, { minLength: 3, maxLength: 7, size: 'max' }),
        async (terms, history) => {
          number += 1
          await play(behavior, terms, history, database, `${behavior.id} history ${number}`, tally)
        },
      ),
      sample,
    )
    await tallyOutcomes(database.pool, tally)
    const { added } = behavior.forRecords?.plan ?? behavior.plan
    const expected = added === 'archive' || added === 'delete' ? [frequent, rarer] : [frequent, rarer, whereWritten]
    tally.check(expected.flatMap(({ from, events }) => (sample.numRuns >= from ? events : [])))
  })
}

async function play(
  behavior: SyncBehavior,
  terms: Terms,
  history: readonly Step[],
  database: TestDatabase,
  name: string,
  tally: Tally,
): Promise<void> {
  const target = simulateRecords(terms.mode)
  const warehouse = simulateWarehouse(['ext', 'alt', ...spokenFields])
  const activation = activationOf(name, behavior, terms, target, warehouse)
  const oracle = openRecordOracle(activation, terms, target, database.pool)
  const stage: Stage = { activation, terms, database, target, warehouse, oracle, tally }
  for (const at of [0, 2])
    target.create(`e${at}`, { a: 'p', b: 'q', c: at === 0 ? 'r' : null, d: 's' }, -7200, `m${at}`)
  target.catchUp()
  let last: readonly NamedRow[] = []
  for (const { edits, index, deed } of history) {
    for (const edit of edits) if (await oracle.edit(edit)) tally.note(`edit ${edit.what}`)
    if (index === 'an hour later') await letTimePass(database.pool, name, target, '1 hour')
    if (index === 'lags') tally.note('index lags')
    else target.catchUp()
    if (deed.do === 'run') last = deed.rows
    await perform(deed, stage)
  }
  await settleDown(stage, last)
}

async function perform(deed: Deed, stage: Stage): Promise<void> {
  const {
    activation,
    target,
    database: { pool },
    oracle,
    tally,
  } = stage
  let turn = 0
  target.injectedFault = () => {
    const injectedFault =
      deed.do === 'verify' ? 'ok' : (deed.injectedFaults[turn++ % deed.injectedFaults.length] ?? 'ok')
    tally.note(injectedFault)
    return injectedFault
  }
  tally.note(deed.do)
  if (deed.do === 'run') return await oracle.checkRun(deed.rows, await run(deed, stage))
  if (deed.do === 'verify') {
    if (deed.repair) tally.note('repair')
    await verifyActivation(activation, quietPorts(pool), { repair: deed.repair })
    return oracle.checkVerify(deed.repair)
  }
  const undone = await oracle.runToUndo(deed.back)
  if (undone === undefined) return
  let report: RunReport | undefined
  try {
    report = await undoRun(activation, quietPorts(pool), { id: undone, groups: [] }, () => Promise.resolve(true))
  } catch (error) {
    if (!Fault.is(error) || error.kind === 'bug') throw error
  }
  tally.note(report === undefined ? 'undo had nothing to do' : 'undo wrote')
  await oracle.checkUndo(undone)
}

/** Returns whether the Run came to its end. */
async function run(
  { rows, diesAtQuery, readBreaksAfter }: Extract<Deed, { do: 'run' }>,
  { activation, database, warehouse, tally }: Stage,
): Promise<boolean> {
  warehouse.rows = rows
  warehouse.breakAfter = readBreaksAfter
  if (diesAtQuery !== undefined) {
    const mortal = mortalPool(database.url, 'tailrace', diesAtQuery)
    await runAndDie(activation, quietPorts(database.pool), mortal)
    if (mortal.dead) tally.note('died')
    return !mortal.dead
  }
  const { fault, counts } = await runActivation(activation, quietPorts(database.pool), { allow: ['empty'] })
  if (fault?.kind === 'bug') assert.notEqual(readBreaksAfter, undefined, `an unexpected failure: ${fault.message}`)
  if (fault?.kind === 'bug') tally.note('read broke')
  if (fault === undefined) assert.equal(counts.read, rows.length)
  return true
}

/** After a clean Run over the last rows, the Target matches them. One more Run writes nothing. */
async function settleDown(
  { activation, terms, database: { pool }, target, warehouse, oracle }: Stage,
  rows: readonly NamedRow[],
): Promise<void> {
  target.injectedFault = () => 'ok'
  warehouse.rows = rows
  warehouse.breakAfter = undefined
  await letTimePass(pool, activation.name, target, '8 days')
  target.catchUp()
  const clean = async (): Promise<void> => {
    const { fault } = await runActivation(activation, quietPorts(pool), { allow: ['empty'] })
    assert.equal(fault, undefined, fault?.message)
    await oracle.checkRun(rows, true)
    target.catchUp()
  }
  await clean()
  // With a native upsert, only the reply shows that a record was gone. The next Run sends its unchanged values.
  if (terms.mode === 'native' || terms.drift === 'repair') await clean()
  await oracle.checkEnd(rows)
  const { asked } = target
  await clean()
  if (!oracle.contested) assert.equal(target.asked, asked, 'a Run without news wrote to the Target')
}

function activationOf(
  name: string,
  behavior: SyncBehavior,
  { fallBack, matches, clears, cOnlyIfEmpty, ownership, drift, changedRows }: Terms,
  target: SimulatedRecords,
  warehouse: SimulatedWarehouse,
): Activation {
  const object = target.spec.objects[0] as Activation['object']
  const table = behaviorFor(behavior, object)
  if (table === undefined) throw new Error(`${behavior.id} is not for whole records`)
  const setsFields = Object.values(table.plan).some(
    (asks) => asks === 'create' || asks === 'update' || asks === 'upsert',
  )
  const fields = spokenFields.map((field) => ({
    field,
    from: { column: field },
    clean: [],
    onNull: clears[field] ? ('clear' as const) : ('skip' as const),
    onlyIfEmpty: field === 'c' && cOnlyIfEmpty,
  }))
  return {
    name,
    query: 'select * from simulated',
    behavior: table,
    object,
    settings: {},
    warehouse: { name: 'w', spec: warehouse.spec, config: {}, secrets: [] },
    target: { name: 't', spec: target.spec, config: {}, secrets: [] },
    identifier: { field: 'ext', column: 'ext' },
    ...(fallBack && { fallbacks: [{ field: 'alt', column: 'alt' }] }),
    ...(behavior.manyMatch === true && { matches }),
    changedRows,
    ...(setsFields && { mapping: { fields, autoMap: false } }),
    timeLimitMs: 240_000,
    baseDir: '/',
    ownership,
    drift,
    limits: { adds: 'off', removes: 'off', invalid: 'off', failures: 'off', shrunk: 'off' },
  }
}
