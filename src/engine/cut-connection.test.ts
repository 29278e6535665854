import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { emulators } from '../targets/emulators.gen.ts'
import { Fault } from '../model/fault.ts'
import { findActivation } from '../store/project/activations.ts'
import { findRun } from '../store/runs/runs.ts'
import { countOwnership } from '../store/snapshot/standing-figures.ts'
import { poolCutAtQuery } from '../testing/failures/cut-pools.ts'
import { intercomActivation, quietPorts, type IntercomCase } from '../testing/harness/intercom-activation.ts'
import { isDeep } from '../testing/harness/sample-size.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import type { RunReport } from './run-report.ts'
import { runActivation } from './run.ts'
import { undoRun } from './undo.ts'

const { startIntercomEmulator, contactId } = await emulators.intercom()
const database = await testDatabase()
after(() => database.close())

type Intercom = Awaited<ReturnType<typeof startIntercomEmulator>>

const size = 6
const hour = 3_600_000
/** The connection breaks at every n-th query of a Run. */
const step = isDeep ? 1 : 5

interface Shape {
  readonly name: string
  readonly testCase: Omit<IntercomCase, 'warehouse' | 'name'>
  readonly columns: readonly string[]
  readonly row: (n: number) => string[]
  readonly contacts: number
  /** What the Target holds of what was asked, each once. */
  readonly held: (intercom: Intercom) => readonly string[]
}

const shapes: readonly Shape[] = [
  {
    name: 'tags',
    contacts: size,
    columns: ['id'],
    row: (n) => [contactId(n)],
    testCase: { object: 'contact_tag', behavior: 'mirror', tags: ['VIP'], delivery: 'single' },
    held: (intercom) => intercom.world.members('VIP', 'contact'),
  },
  {
    name: 'creations',
    contacts: 0,
    columns: ['ext', 'name'],
    row: (n) => [`ext-${n}`, `Person ${n}`],
    testCase: {
      object: 'contact',
      behavior: 'mirror',
      identifier: { field: 'external_id', column: 'ext' },
      mapping: { name: 'name' },
    },
    held: (intercom) => intercom.world.createdContacts().map(({ external_id: id }) => id ?? 'none'),
  },
]

for (const { name, testCase, columns, row, contacts, held } of shapes) {
  test(`the connection to the control database breaks at every query in turn: nothing is lost, doubled or taken for somebody else's (${name})`, async () => {
    let cuts = 0
    for (let at = 1; ; at += step) {
      let shiftMs = 0
      const intercom = await startIntercomEmulator({
        contacts,
        tags: ['VIP'],
        limit: 1_000_000,
        now: () => Date.now() + shiftMs,
      })
      const flaky = poolCutAtQuery(database.url, 'tailrace', (_, number) => number === at)
      try {
        const warehouse = simulateWarehouse(columns)
        warehouse.rows = Array.from({ length: size }, (_, index) => row(index + 1))
        const activation = await intercomActivation(intercom, { ...testCase, name: `${name} ${at}`, warehouse })
        const ports = (pool: typeof database.pool) => ({ ...quietPorts(pool), now: () => Date.now() + shiftMs })
        const broken = await runActivation(activation, ports(flaky.pool)).catch((error: unknown) => error)
        if (!flaky.wasCut) break
        cuts += 1
        if (isReport(broken)) {
          assert.notEqual(broken.status, 'cancelled', `query ${at}`)
          assert.notEqual(broken.fault?.kind, 'bug', `query ${at}: ${broken.fault?.stack}`)
          assert.ok(
            broken.counts.delivered + broken.counts.unconfirmed >= held(intercom).length,
            `query ${at}: ${JSON.stringify(broken.counts)}, and there are ${held(intercom).length}`,
          )
        }
        // The search may hide what was just created, so an unconfirmed Record may have to wait.
        for (let run = 0; run < 2; run += 1) {
          shiftMs += hour
          const next = await onceFree(() => runActivation(activation, ports(database.pool)))
          assert.equal(next.fault, undefined, `query ${at}: ${next.fault?.message}`)
        }
        assert.deepEqual(
          held(intercom).toSorted(),
          Array.from({ length: size }, (_, index) => row(index + 1)[0] ?? '').toSorted(),
          `query ${at}`,
        )
        const saved = await findActivation(database.pool, activation.name)
        assert.deepEqual(
          await countOwnership(database.pool, saved?.id ?? 0),
          { managed: size, external: 0, total: size },
          `query ${at}`,
        )
      } finally {
        await flaky.pool.end()
        await intercom.close()
      }
    }
    assert.ok(cuts * step > 20, `${cuts} cuts`)
  })
}

test('the connection breaks at every query of an undo in turn: one more undo takes back all that was ours, and nothing else', async () => {
  let cuts = 0
  for (let at = 1; ; at += step) {
    const intercom = await startIntercomEmulator({ contacts: size + 1, tags: ['VIP'], limit: 1_000_000 })
    const flaky = poolCutAtQuery(database.url, 'tailrace', (_, number) => number === at)
    try {
      intercom.world.attach('contact', size + 1, 'VIP')
      intercom.world.catchUp()
      const warehouse = simulateWarehouse()
      warehouse.rows = Array.from({ length: size }, (_, index) => [contactId(index + 1)])
      const activation = await intercomActivation(intercom, {
        name: `undo ${at}`,
        object: 'contact_tag',
        behavior: 'attach',
        tags: ['VIP'],
        delivery: 'single',
        warehouse,
      })
      const { run } = await runActivation(activation, quietPorts(database.pool))
      const undone = await findRun(database.pool, run)
      assert.ok(undone !== undefined)
      const undo = (pool: typeof database.pool) =>
        undoRun(activation, quietPorts(pool), undone, () => Promise.resolve(true))
      const broken = await undo(flaky.pool).catch((error: unknown) => error)
      if (broken !== undefined) isReport(broken)
      if (!flaky.wasCut) break
      cuts += 1
      intercom.world.catchUp()
      await onceFree(() => undo(database.pool))
      assert.deepEqual(intercom.world.members('VIP', 'contact'), [contactId(size + 1)], `query ${at}`)
    } finally {
      await flaky.pool.end()
      await intercom.close()
    }
  }
  assert.ok(cuts * step > 15, `${cuts} cuts`)
})

test('the connection breaks as the second page of a large plan is read: what is on its way by then is settled, and nothing that was sent counts as not sent', async () => {
  const many = 2600
  const intercom = await startIntercomEmulator({ contacts: many, tags: ['VIP'], limit: 1_000_000 })
  let pages = 0
  const flaky = poolCutAtQuery(
    database.url,
    'tailrace',
    (text) => /from operation\s+where run_id = \$1 and ordinal > /.test(text) && (pages += 1) === 2,
  )
  try {
    const warehouse = simulateWarehouse()
    warehouse.rows = Array.from({ length: many }, (_, index) => [contactId(index + 1)])
    const activation = await intercomActivation(intercom, {
      name: 'two pages',
      object: 'contact_tag',
      behavior: 'attach',
      tags: ['VIP'],
      delivery: 'single',
      warehouse,
    })
    const { run, counts, fault } = await runActivation(activation, quietPorts(flaky.pool))
    assert.equal(flaky.wasCut, true)
    assert.notEqual(fault?.kind, 'bug', fault?.stack)
    const tagged = new Set(intercom.world.members('VIP', 'contact'))
    const { rows } = await database.pool.query<{ key: string; status: string }>(
      'select key, status from ledger where run_id = $1',
      [run],
    )
    assert.deepEqual(
      rows.filter(({ key, status }) => status === 'on-hold' && tagged.has(key)),
      [],
      'on hold, though it was sent',
    )
    assert.equal(rows.length, many)
    assert.ok(counts.delivered + counts.unconfirmed >= tagged.size, `${JSON.stringify(counts)} of ${tagged.size}`)
    const { rows: open } = await database.pool.query('select from batch where run_id = $1 and settled_at is null', [
      run,
    ])
    assert.equal(open.length, 0, 'batches were left unsettled')
  } finally {
    await flaky.pool.end()
    await intercom.close()
  }
})

/** The server may need a moment to notice that a connection is gone, and to release its lock. */
async function onceFree<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run()
    } catch (error) {
      if (!Fault.is(error) || error.code !== 'already-running') throw error
      await delay(20)
    }
  }
}

function isReport(of: unknown): of is RunReport {
  if (!(of instanceof Error)) return true
  // The faults that prevent a Run from starting, or from saving how it ended.
  assert.deepEqual([Fault.is(of) && of.kind, Fault.is(of) && of.code], ['transient', 'database-unavailable'], of.stack)
  return false
}
