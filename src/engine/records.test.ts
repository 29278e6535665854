import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import type { Activation } from './activation.ts'
import { intercomActivation, quietPorts, type IntercomCase } from '../testing/harness/intercom-activation.ts'
import { rewritesPhones } from '../testing/failures/rewrites-phones.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { runActivation } from './run.ts'
import { verifyActivation } from './verify.ts'

const { startIntercomEmulator, contactEmail } = await emulators.intercom()
const database = await testDatabase()
after(() => database.close())

async function harness(
  {
    rewritesPhones: rewrites = false,
    ...options
  }: Parameters<typeof startIntercomEmulator>[0] & { rewritesPhones?: boolean },
  testCase: Omit<IntercomCase, 'warehouse'>,
  columns: Parameters<typeof simulateWarehouse>[0],
) {
  const intercom = await startIntercomEmulator({ limit: 1_000_000, ...options })
  const warehouse = simulateWarehouse(columns)
  const proxy = rewrites ? await rewritesPhones(intercom) : undefined
  if (proxy !== undefined) after(() => proxy.close())
  const activation: Activation = await intercomActivation(proxy ?? intercom, { ...testCase, warehouse })
  return {
    intercom,
    warehouse,
    activation,
    run: (change: Partial<Activation> = {}) => runActivation({ ...activation, ...change }, quietPorts(database.pool)),
  }
}

test('10,000 contacts upserted by external_id, then 1 % changed: exactly 100 writes; an unchanged Run: none', async (t) => {
  const { intercom, warehouse, run } = await harness(
    { contacts: 0 },
    {
      name: 'upsert 10,000',
      object: 'contact',
      behavior: 'upsert',
      identifier: { field: 'external_id', column: 'id' },
      mapping: { email: 'email', name: 'name' },
    },
    ['id', 'email', 'name'],
  )
  t.after(() => intercom.close())
  const rows = Array.from({ length: 10_000 }, (_, index) => [`ext ${index}`, `p${index}@acme.test`, `Person ${index}`])
  warehouse.rows = rows
  const first = await run()
  assert.equal(first.fault, undefined, first.fault?.message)
  assert.deepEqual([first.counts.delivered, first.requests.write], [10_000, 10_000])
  warehouse.rows = rows.map((row, index) =>
    index % 100 === 0 ? [row[0] ?? '', row[1] ?? '', `Renamed ${index}`] : row,
  )
  const second = await run()
  assert.equal(second.fault, undefined, second.fault?.message)
  assert.deepEqual([second.counts.changed, second.counts.delivered, second.requests.write], [100, 100, 100])
  const third = await run()
  assert.deepEqual([third.status, third.requests.write], ['shelved', 0])
})

test('a tag Activation keyed by e-mail: 10,000 rows are found in at most 80 look-up calls, and tagged in 200', async (t) => {
  const { intercom, warehouse, run } = await harness(
    { contacts: 10_000, tags: ['VIP'] },
    {
      name: 'tag by email',
      object: 'contact_tag',
      behavior: 'attach',
      tags: ['VIP'],
      identifier: { field: 'email', column: 'email' },
    },
    ['email'],
  )
  t.after(() => intercom.close())
  // Emails as people type them.
  warehouse.rows = Array.from({ length: 10_000 }, (_, index) => [` ${contactEmail(index + 1).toUpperCase()} `])
  const report = await run()
  assert.equal(report.fault, undefined, report.fault?.message)
  assert.deepEqual([report.counts.delivered, report.requests.write], [10_000, 200])
  const lookups = intercom.requests.counters()
  assert.ok(report.requests.read <= 80, JSON.stringify([report.requests, lookups]))
  assert.equal(intercom.world.members('VIP', 'contact').length, 10_000)
  const again = await run()
  assert.deepEqual([again.status, again.requests.write], ['shelved', 0])
})

test('a Run whose lines the control database has not counted yet is planned all the same', async (t) => {
  const other = await harness(
    { contacts: 0 },
    {
      name: 'counted',
      object: 'contact',
      behavior: 'upsert',
      identifier: { field: 'external_id', column: 'id' },
      mapping: { name: 'name' },
    },
    ['id', 'name'],
  )
  const { intercom, warehouse, run } = await harness(
    { contacts: 10_000, tags: ['VIP'] },
    {
      name: 'not counted',
      object: 'contact_tag',
      behavior: 'attach',
      tags: ['VIP'],
      identifier: { field: 'email', column: 'email' },
    },
    ['email'],
  )
  t.after(() => Promise.all([intercom.close(), other.intercom.close()]))
  // Simulates autovacuum: from here on the server assumes that all lines belong to that Run.
  let counted: Promise<unknown> | undefined
  other.intercom.watch({
    request: ({ method, path }) => {
      if (method === 'POST' && path === '/contacts') counted ??= database.pool.query('analyze operation')
    },
  })
  other.warehouse.rows = Array.from({ length: 3000 }, (_, index) => [`ext ${index}`, `Person ${index}`])
  assert.equal((await other.run()).fault, undefined)
  assert.ok(counted !== undefined)
  await counted
  warehouse.rows = Array.from({ length: 10_000 }, (_, index) => [contactEmail(index + 1)])
  const report = await run({ timeLimitMs: 60_000 })
  assert.deepEqual([report.status, report.counts.delivered], ['completed', 10_000], report.fault?.message)
})

test('what Intercom keeps in another form is held as it keeps it: it has not drifted, and is not sent again', async (t) => {
  const { intercom, warehouse, activation, run } = await harness(
    { contacts: 0 },
    {
      name: 'other forms',
      object: 'contact',
      behavior: 'upsert',
      identifier: { field: 'external_id', column: 'id' },
      mapping: { email: 'email', phone: 'phone' },
    },
    ['id', 'email', 'phone'],
  )
  t.after(() => intercom.close())
  warehouse.rows = [['1', 'Jane@Acme.test', '+1 (555) 0100']]
  assert.equal((await run()).counts.delivered, 1)
  const verified = await verifyActivation(activation, quietPorts(database.pool), { repair: false })
  assert.deepEqual(verified?.verified, { confirmed: 1, pending: 0, missing: 0 })
  intercom.world.changeContact(1, { phone: '+1 555 9999' })
  const drifted = await verifyActivation(activation, quietPorts(database.pool), { repair: false })
  assert.deepEqual(drifted?.verified, { confirmed: 0, pending: 0, missing: 1 })
})

test('what Intercom rewrites is not sent again while its row asks for the same: neither with another column, nor as drift', async (t) => {
  for (const ownership of ['respect', 'enforce'] as const) {
    const { intercom, warehouse, run } = await harness(
      { contacts: 0, rewritesPhones: true },
      {
        name: `rewritten, ${ownership}`,
        object: 'contact',
        behavior: 'upsert',
        identifier: { field: 'external_id', column: 'id' },
        mapping: { name: 'name', phone: 'phone' },
        more: { ownership, verify: 'full' },
      },
      ['id', 'name', 'phone'],
    )
    t.after(() => intercom.close())
    const rows = async (name: string, phone: string) => {
      warehouse.rows = [['1', name, phone]]
      const report = await run()
      assert.equal(report.fault, undefined, report.fault?.message)
      const {
        rows: [line],
      } = await database.pool.query<{ after: string }>(
        'select after from ledger where run_id = $1 and after is not null',
        [report.run],
      )
      return { report, sent: Object.keys(JSON.parse(line?.after ?? '{}') as object).toSorted() }
    }
    const first = await rows('Jane', '+1 (555) 0100')
    assert.deepEqual(
      [first.report.counts.delivered, first.report.verified?.missing, intercom.world.contact(1)?.phone],
      [1, 0, '+15550100'],
    )
    for (const name of ['Jane II', 'Jane III']) {
      const { report, sent } = await rows(name, '+1 (555) 0100')
      assert.deepEqual(
        [report.requests.write, sent, report.verified?.missing],
        [1, ['name'], 0],
        `${ownership}, ${name}`,
      )
    }
    intercom.world.changeContact(1, { phone: '+15559999' })
    const { sent } = await rows('Jane IV', '+1 (555) 0100')
    assert.deepEqual(
      [sent, intercom.world.contact(1)?.phone],
      ownership === 'enforce' ? [['name', 'phone'], '+15550100'] : [['name'], '+15559999'],
    )
    assert.deepEqual((await rows('Jane IV', '+1 (555) 0101')).sent, ['phone'])
    assert.equal(intercom.world.contact(1)?.phone, '+15550101')
  }
})

test('a Field that Intercom rewrites, and whose Record was refused for another Field, is not sent again', async (t) => {
  const { intercom, warehouse, run } = await harness(
    { contacts: 0, rewritesPhones: true },
    {
      name: 'rewritten, refused',
      object: 'contact',
      behavior: 'upsert',
      identifier: { field: 'external_id', column: 'id' },
      mapping: { name: 'name', phone: 'phone' },
    },
    ['id', 'name', 'phone'],
  )
  t.after(() => intercom.close())
  warehouse.rows = [['1', 'Jane', '+1 (555) 0100']]
  await run()
  intercom.world.changeContact(1, { phone: '+15559999' })
  intercom.faults.add({
    method: 'PUT',
    path: '/contacts/*',
    count: 1,
    effect: {
      type: 'status',
      status: 422,
      body: { type: 'error.list', errors: [{ code: 'parameter_invalid', message: 'no' }] },
    },
  })
  warehouse.rows = [['1', 'Jane II', '+1 (555) 0100']]
  assert.equal((await run()).counts.rejected, 1)
  warehouse.rows = [['1', 'Jane III', '+1 (555) 0100']]
  assert.equal((await run()).counts.delivered, 1)
  assert.deepEqual([intercom.world.contact(1)?.name, intercom.world.contact(1)?.phone], ['Jane III', '+15559999'])
})
