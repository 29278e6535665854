import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../../targets/emulators.gen.ts'
import { intercomActivation, quietPorts } from '../../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import { letDatabaseTimePass } from '../../testing/harness/time-machine.ts'
import { planActivation } from '../plan-activation.ts'
import { runActivation } from '../run.ts'

/** So many Records that the index still hides most of them from the next Runs. */
const many = 66_000
const { startIntercomEmulator, contactId } = await emulators.intercom()
const emailOf = (n: number): string => `person${n}@acme.test`
const intercom = await startIntercomEmulator({
  contacts: Array.from({ length: many + 1000 }, (_, index) => ({
    id: contactId(index + 1),
    email: emailOf(index + 1),
  })),
  tags: ['Large', 'Other'],
  limit: 1_000_000,
  indexLagMs: 120_000,
})
const database = await testDatabase()
const ports = quietPorts(database.pool)
after(async () => {
  await intercom.close()
  await database.close()
})

const by = {
  id: contactId,
  email: emailOf,
} as const

async function open(name: string, tag: string, field: keyof typeof by) {
  const warehouse = simulateWarehouse(['name'])
  const activation = await intercomActivation(intercom, {
    name,
    object: 'contact_tag',
    behavior: 'mirror',
    warehouse,
    tags: [tag],
    identifier: { field, column: 'name' },
  })
  const answer = (from: number, to: number): void => {
    warehouse.rows = Array.from({ length: to - from + 1 }, (_, index) => [by[field](from + index)])
  }
  const planOf = async (from: number, to: number) => {
    answer(from, to)
    return await planActivation(activation, ports, {}, ({ report }) => Promise.resolve(report))
  }
  return { activation, answer, planOf }
}

const large = await open('large', 'Large', 'id')

test(`after a Run of ${many} records, a plan of 1,000 of the same contacts takes at most 30 reads`, async () => {
  large.answer(1, many)
  const run = await runActivation(large.activation, ports)
  assert.deepEqual([run.status, run.counts.delivered], ['completed', many], run.fault?.message)
  for (const tag of ['Other', 'Large']) {
    for (const field of ['id', 'email'] as const) {
      const activation = await open(`${tag} by ${field}`, tag, field)
      const { requests, counts } = await activation.planOf(1, 1000)
      assert.ok(requests.read <= 30, `${tag} by ${field}: ${requests.read} reads`)
      assert.ok(tag === 'Large' || counts.planned === 1000)
    }
  }
})

test('another activation of the same tag reads each record before it writes: all are in place, but for those that a person took off meanwhile', async () => {
  for (const n of [500, 501, 900]) intercom.world.detach('contact', n, 'Large')
  const other = await open('the same', 'Large', 'email')
  const { requests } = await other.planOf(401, 1000)
  assert.ok(requests.read <= 30, `the plan: ${requests.read} reads`)
  const run = await runActivation(other.activation, ports)
  assert.deepEqual(
    [run.status, run.counts.delivered, run.counts.alreadyInPlace],
    ['completed', 3, 597],
    run.fault?.message,
  )
  other.answer(1, 0)
  assert.equal((await runActivation(other.activation, ports, { allow: ['empty', 'removes'] })).fault, undefined)
})

test('181 removals take at most one read each and 20 more', async () => {
  const { requests, counts } = await large.planOf(182, many)
  assert.equal(counts.removed, 181)
  assert.ok(requests.read <= 201, `the plan: ${requests.read} reads`)
  const run = await runActivation(large.activation, ports)
  assert.deepEqual([run.status, run.counts.removed, run.counts.delivered], ['completed', 181, 181], run.fault?.message)
  assert.ok(run.requests.read <= 201, `the Run: ${run.requests.read} reads`)
})

test('what was taken off a moment ago is put on by another without a read in its plan, and comes off when it leaves', async () => {
  const other = await open('other', 'Large', 'id')
  const { requests, counts } = await other.planOf(1, 181)
  assert.ok(requests.read <= 30, `the plan: ${requests.read} reads`)
  assert.equal(counts.planned, 181)
  const put = await runActivation(other.activation, ports)
  assert.deepEqual(
    [put.status, put.counts.delivered, put.counts.alreadyInPlace],
    ['completed', 181, 0],
    put.fault?.message,
  )
  intercom.world.letTimePass(3_600_000)
  await letDatabaseTimePass(database.pool, 3_600_000)
  other.answer(1, 1)
  const left = await runActivation(other.activation, ports)
  assert.deepEqual([left.status, left.counts.delivered], ['completed', 180], left.fault?.message)
  assert.equal(intercom.world.members('Large', 'contact').length, many - 180)
})

test('a guardrail that needs no reads blocks removals before a contact is read', async () => {
  large.answer(400, many)
  intercom.requests.clear()
  const run = await runActivation(
    { ...large.activation, limits: { ...large.activation.limits, removes: { count: 100 } } },
    ports,
  )
  assert.deepEqual(
    [run.status, run.fault?.code, run.requests.write],
    ['blocked', 'guard-removes', 0],
    run.fault?.message,
  )
  assert.deepEqual(
    intercom.requests
      .latest()
      .filter(({ path }) => path.startsWith('/contacts'))
      .map(({ method, path }) => `${method} ${path}`),
    [],
  )
})
