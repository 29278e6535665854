import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runActivation, type RunOptions } from '../../engine/run.ts'
import { undoRun } from '../../engine/undo.ts'
import { findListedRun } from '../../store/runs/run-pages.ts'
import { pruneRuns } from '../../store/runs/prune-runs.ts'
import { emulators } from '../../targets/emulators.gen.ts'
import { quietPorts } from '../../testing/harness/intercom-activation.ts'
import { tryApi } from '../api.fixture.ts'

const { contactId } = await emulators.intercom()
const api = await tryApi()
await api.connect()
const { pool } = api.services.database
const { world } = api.intercom
world.createTag('VIP')
const people = Array.from({ length: 60 }, (_, at) => contactId(at + 1))
const table = (ids: readonly string[]) =>
  api.duckdb(
    `delete from customers; insert into customers (intercom_id, email, plan) values ${ids.map((id, n) => `('${id}', 'p${n}@acme.test', 'plan ${n}')`).join(', ')}`,
  )
const shared = { warehouse: 'shop', target: 'support' }
const activations = {
  vip: {
    ...shared,
    query: 'select intercom_id from customers',
    object: 'contact_tag',
    behavior: 'mirror',
    tags: ['VIP'],
    identifier: { field: 'id', column: 'intercom_id' },
  },
  names: {
    ...shared,
    query: 'select intercom_id, plan from customers',
    object: 'contact',
    behavior: 'update',
    identifier: { field: 'id', column: 'intercom_id' },
    mapping: { name: 'plan' },
    limits: { adds: 'off' },
  },
}
for (const [name, config] of Object.entries(activations)) {
  const created = await api.call('POST', '/api/activations', { name, config, run: false })
  assert.equal(created.status, 201, created.text)
}
const run = async (name: keyof typeof activations, options: RunOptions = {}) =>
  await runActivation(await api.services.project.activation(name), quietPorts(pool), options)
const planOf = async (id: number) => {
  const { status, body, text } = await api.call('GET', `/api/runs/${id}/plan`)
  assert.equal(status, 200, text)
  return body
}
const heads = (plan: {
  groups: { operation: string; reason: string; code: string | null; lines: number; links: number | null }[]
}) => plan.groups.map(({ operation, reason, code, lines, links }) => [operation, reason, code, lines, links])

test('what was planned, by operation and reason, with the first Records of each, stays when the Run has ended', async () => {
  world.attach('contact', people[0] ?? '', 'VIP')
  world.catchUp()
  await table([...people.slice(0, 30), 'stranger'])
  const report = await run('vip')
  const plan = await planOf(report.run)
  assert.equal(plan.state, 'planned')
  assert.deepEqual(heads(plan), [
    ['attach', 'new', null, 30, 30],
    ['skip', 'new', 'in-place', 1, 1],
  ])
  assert.deepEqual([plan.writes, plan.guardrails, plan.calls.made], [30, [], report.requests.write])
  assert.ok(plan.calls.estimated > 0)
  const [added, kept] = plan.groups
  assert.equal(added.sample.length, 3)
  assert.deepEqual(
    [added.sample[0].groups, kept.sample[0].record, kept.sample[0].groups],
    [['VIP'], people[0], ['VIP']],
  )
  assert.equal((await pool.query('select from operation where run_id = $1', [report.run])).rowCount, 0)
})

test('a Run that a guardrail blocked tells what it would have done, and one that overrode it by what', async () => {
  await table(people.slice(0, 5))
  const rejected = await run('vip')
  assert.equal(rejected.status, 'blocked')
  const would = await planOf(rejected.run)
  assert.deepEqual(heads(would), [['detach', 'left', null, 25, 25]])
  assert.deepEqual(would.groups[0].sample[0].groups, ['VIP'])
  assert.deepEqual(
    would.guardrails.map(({ rule, overridden }: Record<string, unknown>) => [rule, overridden]),
    [
      ['shrunk', false],
      ['removes', false],
    ],
  )
  assert.match(would.guardrails[1].words, /^25 records would be removed/)
  assert.equal(would.calls.made, 0)

  const through = await run('vip', { allow: ['shrunk', 'removes'] })
  assert.equal(through.fault, undefined)
  assert.deepEqual(
    (await planOf(through.run)).guardrails.map(({ rule, overridden }: Record<string, unknown>) => [rule, overridden]),
    [
      ['shrunk', true],
      ['removes', true],
    ],
  )
})

test('values are told before and after, in the order of the Fields; what cannot be delivered by its reason', async () => {
  await table([...people.slice(0, 4), 'nobody'])
  const report = await run('names')
  const plan = await planOf(report.run)
  assert.deepEqual(
    heads(plan).map(([operation, reason, why, lines]) => [operation, reason, why, lines]),
    [
      ['update', 'new', null, 4],
      ['reject', 'new', 'not-found', 1],
    ],
  )
  assert.deepEqual(plan.groups[0].sample[0].after, { name: 'plan 0' })
  assert.ok(plan.groups[0].sample[0].before !== null && 'name' in plan.groups[0].sample[0].before)
  const [rejected] = plan.groups.slice(-1)
  assert.ok(rejected.title.length > 0 && rejected.title !== 'not-found')
  assert.equal(rejected.sample[0].record, 'nobody')
  assert.ok(rejected.sample[0].message.length > 0)
})

test('of a Run of an older version it is counted from the Ledger', async () => {
  await table(people.slice(0, 8))
  const later = await run('names')
  const report = await run('names')
  const stored = await planOf(later.run)
  await pool.query('update run set plan_groups = null, plan_samples = null, plan_calls = null, plan_guards = null')
  const counted = await planOf(later.run)
  assert.deepEqual(
    heads(counted),
    heads(stored).map(([operation, reason, why, lines]) => [operation, reason, why, lines, null]),
  )
  assert.deepEqual(
    counted.groups[0].sample.map(({ record }: { record: string }) => record),
    stored.groups[0].sample.map(({ record }: { record: string }) => record),
  )
  assert.deepEqual(
    [counted.state, counted.calls.estimated, counted.calls.made, counted.writes],
    ['planned', null, later.requests.write, stored.writes],
  )
  const nothing = await planOf(report.run)
  assert.deepEqual([report.status, nothing.state, nothing.groups], ['shelved', 'planned', []])
})

test('nothing to do is a Plan, a Run that failed before it had one has none, and one that reads has none yet', async () => {
  const quiet = await run('names')
  const plan = await planOf(quiet.run)
  assert.deepEqual([quiet.status, plan.state, plan.groups, plan.writes], ['shelved', 'planned', [], 0])
  await api.duckdb('alter table customers rename to customers_away')
  const failed = await run('names')
  await api.duckdb('alter table customers_away rename to customers')
  assert.deepEqual([failed.status, (await planOf(failed.run)).state], ['failed', 'none'])
  await pool.query(`update run set finished_at = null, status = 'reading' where id = $1`, [failed.run])
  assert.equal((await planOf(failed.run)).state, 'pending')
  await pool.query(`update run set finished_at = now(), status = 'failed' where id = $1`, [failed.run])
  assert.equal((await api.call('GET', '/api/runs/999999/plan')).status, 404)
})

test('an undo has a Plan of its own', async () => {
  await table(people.slice(0, 12))
  const done = await run('vip')
  assert.equal(done.counts.delivered, 7, done.fault?.message)
  const taken = await findListedRun(pool, done.run)
  assert.ok(taken !== undefined)
  const undo = await undoRun(await api.services.project.activation('vip'), quietPorts(pool), taken, () =>
    Promise.resolve(true),
  )
  assert.ok(undo !== undefined)
  const plan = await planOf(undo.run)
  assert.deepEqual(heads(plan), [['detach', 'undo', null, 7, 7]])
  assert.deepEqual(plan.groups[0].sample[0].groups, ['VIP'])
})

test('no Record is named by a Plan any more when the upkeep has deleted the Records of its Run', async () => {
  const { run: id } = await run('vip', { allow: ['adds'] })
  assert.deepEqual((await planOf(id)).groups[0].sample.length, 3)
  await pool.query(`update run set started_at = started_at - interval '40 days'`)
  await pruneRuns(pool, 30, new AbortController().signal)
  const plan = await planOf(id)
  assert.deepEqual([heads(plan)[0]?.[0], plan.groups[0].sample], ['attach', []])
})
