import assert from 'node:assert/strict'
import { repeatedRows } from '../testing/behavior-kit/tally.ts'
import { after, test, type TestContext } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { intercomActivation, quietPorts } from '../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import type { RunReport } from './run-report.ts'
import { runActivation } from './run.ts'

const { startIntercomEmulator } = await emulators.intercom()
const database = await testDatabase()
after(() => database.close())

/** A Record's Outcome in a Run, its state in the Target afterwards, and the total number of writes. */
interface Cell {
  readonly outcome: string
  readonly state: string
}

/** The columns of a behavior's table. Rows without an Outcome are unchanged. */
interface Table {
  /** A new row whose target record is absent, and one whose target record exists. */
  readonly absent: Cell
  readonly present: Cell
  /** The latter with another value. */
  readonly changed: Cell
  /** A row removed from the query: its target record was created by us (if the behavior creates), or existed before. */
  readonly leftManaged: Cell
  readonly leftExternal: Cell
  /** Writes of the four Runs: all new; unchanged; one changed; all but one removed. */
  readonly writes: readonly [number, number, number, number]
}

const unchanged = '-'
const contacts: Readonly<Record<string, Table>> = {
  upsert: {
    absent: { outcome: 'upsert delivered', state: 'live New' },
    present: { outcome: 'update delivered', state: 'live New' },
    changed: { outcome: 'update delivered', state: 'live Newer' },
    leftManaged: { outcome: unchanged, state: 'live New' },
    leftExternal: { outcome: unchanged, state: 'live Newer' },
    writes: [2, 0, 1, 0],
  },
  update: {
    absent: { outcome: 'reject rejected not-found', state: 'none' },
    present: { outcome: 'update delivered', state: 'live New' },
    changed: { outcome: 'update delivered', state: 'live Newer' },
    leftManaged: { outcome: unchanged, state: 'none' },
    leftExternal: { outcome: unchanged, state: 'live Newer' },
    writes: [1, 0, 1, 0],
  },
  insert: {
    absent: { outcome: 'create delivered', state: 'live New' },
    present: { outcome: 'reject rejected already-exists', state: 'live Old' },
    changed: { outcome: 'reject rejected already-exists', state: 'live Old' },
    leftManaged: { outcome: unchanged, state: 'live New' },
    leftExternal: { outcome: unchanged, state: 'live Old' },
    writes: [1, 0, 0, 0],
  },
  mirror: {
    absent: { outcome: 'upsert delivered', state: 'live New' },
    present: { outcome: 'update delivered', state: 'live New' },
    changed: { outcome: 'update delivered', state: 'live Newer' },
    leftManaged: { outcome: 'archive delivered', state: 'archived New' },
    leftExternal: { outcome: unchanged, state: 'live Newer' },
    writes: [2, 0, 1, 1],
  },
  delete: {
    absent: { outcome: 'reject rejected not-found', state: 'none' },
    present: { outcome: 'delete delivered', state: 'deleted Old' },
    changed: { outcome: unchanged, state: 'deleted Old' },
    leftManaged: { outcome: unchanged, state: 'none' },
    leftExternal: { outcome: unchanged, state: 'deleted Old' },
    writes: [2, 0, 0, 0],
  },
  archive: {
    absent: { outcome: 'reject rejected not-found', state: 'none' },
    present: { outcome: 'archive delivered', state: 'archived Old' },
    changed: { outcome: unchanged, state: 'archived Old' },
    leftManaged: { outcome: unchanged, state: 'none' },
    leftExternal: { outcome: unchanged, state: 'archived Old' },
    writes: [2, 0, 0, 0],
  },
}
const { upsert, update, insert, delete: deletes } = contacts as Record<'upsert' | 'update' | 'insert' | 'delete', Table>
// Companies use a native upsert, so no lookup comes before it.
const companies: Readonly<Record<string, Table>> = {
  upsert: { ...upsert, present: { outcome: 'upsert delivered', state: 'live New' }, writes: [3, 0, 1, 0] },
  update,
  insert,
  delete: deletes,
}

for (const [object, tables] of [
  ['contact', contacts],
  ['company', companies],
] as const) {
  for (const [behavior, table] of Object.entries(tables)) {
    test(`${object} × ${behavior}: the table of what each kind of row does, end to end`, async (t) => {
      const s = await harness(t, object, behavior)
      const was = [
        ['absent', 'New'],
        ['present', 'New'],
        ['steady', 'Steady'],
      ] as const
      const first = await s.run(was)
      assert.deepEqual([s.cell(first, 'absent'), s.cell(first, 'present')], [table.absent, table.present], 'new rows')
      const second = await s.run(was)
      const third = await s.run([was[0], ['present', 'Newer'], was[2]])
      assert.deepEqual(s.cell(third, 'present'), table.changed, 'a changed row')
      const fourth = await s.run([was[2]])
      assert.deepEqual(
        [s.cell(fourth, 'absent'), s.cell(fourth, 'present')],
        [table.leftManaged, table.leftExternal],
        'rows that left',
      )
      assert.deepEqual(
        [first, second, third, fourth].map(({ report }) => report.requests.write),
        table.writes,
        'writes',
      )
      assert.equal(second.report.counts.changed + second.report.counts.planned, 0, 'nothing changed')
      for (const { report } of [first, second, third, fourth]) checkCounts(report)
    })
  }
}

function checkCounts(report: RunReport): void {
  const { counts: c, fault } = report
  assert.equal(fault, undefined, fault?.message)
  assert.equal(c.read, repeatedRows(report) + c.invalid + c.added + c.changed + c.unchanged)
  assert.equal(c.unconfirmed + c.onHold, 0)
}

test('insert: what we created and changes later is marked, or ignored, and not touched', async (t) => {
  for (const changedRows of ['mark', 'ignore'] as const) {
    const s = await harness(t, 'contact', 'insert', { changedRows })
    await s.run([['absent', 'New']])
    const { report, outcomes } = await s.run([['absent', 'Newer']])
    assert.deepEqual(
      [outcomes.get('absent'), report.requests.write],
      [changedRows === 'mark' ? 'reject rejected changed-after-insert' : 'skip in-place nothing-to-do', 0],
    )
    assert.equal(s.state('absent'), 'live New')
    // Changed back, it is as it was created.
    assert.deepEqual(
      [(await s.run([['absent', 'New']])).report.counts.rejected, (await s.run([['absent', 'New']])).report.status],
      [0, 'shelved'],
    )
  }
})

test('an email that several contacts have: refused with the candidates, or delivered to all of them', async (t) => {
  const duplicates = [1, 2].map((n) => ({
    id: `twin-${n}`,
    external_id: `t${n}`,
    email: 'both@acme.test',
    name: `Twin ${n}`,
  }))
  const intercom = await startIntercomEmulator({ limit: 1_000_000, contacts: duplicates })
  t.after(() => intercom.close())
  const warehouse = simulateWarehouse(['email', 'name'])
  const activation = await intercomActivation(intercom, {
    name: 'twins by email',
    object: 'contact',
    behavior: 'update',
    warehouse,
    identifier: { field: 'email', column: 'email' },
    mapping: { name: 'name' },
  })
  warehouse.rows = [['Both@acme.test', 'Same']]
  const rejected = await runActivation(activation, quietPorts(database.pool))
  assert.deepEqual([rejected.counts.rejected, rejected.requests.write], [1, 0])
  const all = { ...activation, name: 'twins by email, all', matches: 'all' as const }
  // One of the two fails temporarily. Only that one is sent again.
  intercom.faults.add({
    method: 'PUT',
    path: '/contacts/twin-2',
    effect: {
      type: 'status',
      status: 422,
      body: { type: 'error.list', errors: [{ code: 'parameter_invalid', message: 'no' }] },
    },
  })
  const half = await runActivation(all, quietPorts(database.pool))
  assert.deepEqual([half.counts.delivered, half.counts.rejected], [1, 1])
  assert.deepEqual(
    [1, 2].map((n) => intercom.world.contact(`twin-${n}`)?.name),
    ['Same', 'Twin 2'],
  )
  intercom.faults.clear()
  assert.equal(
    (await runActivation(all, quietPorts(database.pool))).requests.write,
    0,
    'what was refused waits for its row',
  )
  warehouse.rows = [['both@acme.test', 'Other']]
  const whole = await runActivation(all, quietPorts(database.pool))
  assert.deepEqual([whole.counts.delivered, whole.requests.write], [2, 2])
  assert.deepEqual(
    [1, 2].map((n) => intercom.world.contact(`twin-${n}`)?.name),
    ['Other', 'Other'],
  )
  assert.equal((await runActivation(all, quietPorts(database.pool))).status, 'shelved')
})

test('a company that was deleted by hand is made anew, whole, when its row changes; what people changed stays', async (t) => {
  const s = await harness(t, 'company', 'upsert', {}, { 'custom_attributes.plan': 'plan', name: 'name' }, [
    'id',
    'name',
    'plan',
  ])
  await s.run([
    ['gone', 'Gone', 'gold'],
    ['kept', 'Kept', 'gold'],
  ])
  s.intercom.world.deleteCompany('gone')
  s.intercom.world.changeCompany('kept', { name: 'By hand' })
  await s.run([
    ['gone', 'Gone', 'silver'],
    ['kept', 'Kept', 'silver'],
  ])
  const seen = ['gone', 'kept'].map((id) => s.intercom.world.company(id))
  assert.deepEqual(
    seen.map((company) => [company?.state, company?.name, company?.custom_attributes['plan']]),
    [
      ['live', 'Gone', 'silver'],
      ['live', 'By hand', 'silver'],
    ],
  )
})

async function harness(
  t: TestContext,
  object: 'contact' | 'company',
  behavior: string,
  more: Parameters<typeof intercomActivation>[1]['more'] = {},
  mapping: Record<string, string> = { name: 'name' },
  columns = ['id', 'name'],
) {
  const there = [
    { id: 'p', name: 'Old' },
    { id: 's', name: 'Steady' },
  ]
  const intercom = await startIntercomEmulator({
    limit: 1_000_000,
    attributes: [{ model: 'company', name: 'plan', type: 'string' }],
    contacts: there.map((targetRecord) => ({
      ...targetRecord,
      external_id: targetRecord.id === 'p' ? 'present' : 'steady',
    })),
    companies: there.map((targetRecord) => ({
      ...targetRecord,
      company_id: targetRecord.id === 'p' ? 'present' : 'steady',
    })),
  })
  t.after(() => intercom.close())
  const warehouse = simulateWarehouse(columns)
  const setsFields = behavior !== 'delete' && behavior !== 'archive'
  const activation = await intercomActivation(intercom, {
    name: `${object} ${behavior} ${JSON.stringify(more)} ${columns.length}`,
    object,
    behavior,
    warehouse,
    identifier: { field: object === 'contact' ? 'external_id' : 'company_id', column: 'id' },
    ...(setsFields && { mapping }),
    more,
  })
  const state = (key: string): string => {
    const targetRecord =
      object === 'contact' ? intercom.world.contact({ external_id: key }) : intercom.world.company(key)
    return targetRecord === undefined ? 'none' : `${targetRecord.state} ${targetRecord.name}`
  }
  return {
    intercom,
    state,
    cell: (
      { outcomes, states }: { outcomes: Map<string, string>; states: Map<string, string> },
      key: string,
    ): Cell => ({ outcome: outcomes.get(key) ?? unchanged, state: states.get(key) ?? '' }),
    async run(rows: readonly (readonly string[])[]) {
      warehouse.rows = rows
      const report = await runActivation(activation, quietPorts(database.pool))
      const { rows: lines } = await database.pool.query<{
        key: string
        kind: string
        status: string
        code: string | null
        reason: string
      }>('select key, kind, status, code, reason from ledger where run_id = $1', [report.run])
      // Not counted as changes: an external record whose row was removed, and a retry that is rejected again.
      const news = lines.filter(
        ({ reason, kind, status }) =>
          !(reason === 'left' && kind === 'skip') && !(reason === 'retry' && status === 'rejected'),
      )
      return {
        report,
        outcomes: new Map(
          news.map(({ key, kind, status, code }) => [
            key,
            [kind, status, code].filter((part) => part !== null).join(' '),
          ]),
        ),
        states: new Map(['absent', 'present', 'steady'].map((key) => [key, state(key)])),
      }
    },
  }
}
