import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { behaviors } from '../behaviors/registry.gen.ts'
import { behaviorFor } from '../model/behavior.ts'
import { Fault } from '../model/fault.ts'
import type { Row } from '../model/row.ts'
import { findActivation } from '../store/project/activations.ts'
import { letTimePass } from '../testing/behavior-kit/let-time-pass.ts'
import { mortalPool } from '../testing/failures/cut-pools.ts'
import { runAndDie } from '../testing/failures/run-and-die.ts'
import { quietPorts } from '../testing/harness/intercom-activation.ts'
import { isDeep } from '../testing/harness/sample-size.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { simulateJobs, type SimulatedJobs } from '../testing/simulated/simulated-jobs.ts'
import { simulateRecords, type SimulatedRecords } from '../testing/simulated/simulated-records.ts'
import { simulateTarget } from '../testing/simulated/simulated-target.ts'
import { simulateWarehouse, type SimulatedWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import type { Activation } from './activation.ts'
import { planActivation } from './plan-activation.ts'
import type { Ports } from './ports.ts'
import { runActivation } from './run.ts'
import { settleInterrupted } from './settle-interrupted.ts'
import { undoRun } from './undo.ts'
import { verifyActivation } from './verify.ts'

const database = await testDatabase()
after(() => database.close())

const keys = Array.from({ length: 9 }, (_, at) => `k${at}`)
const rows: readonly Row[] = keys.map((key) => [key, `new ${key}`])
/** These exist before the first Run, with another value. */
const existing = keys.slice(0, 3)
/** Statements between two deaths. Each takes a Run. */
const stride = isDeep ? 1 : 4

interface Stage {
  readonly activation: Activation
  readonly target: SimulatedRecords
  readonly server: SimulatedJobs
  readonly warehouse: SimulatedWarehouse
  readonly ports: Ports
}

function openStage(name: string, ports: Ports = quietPorts(database.pool)): Stage {
  // A second record with the same identifier would show.
  const target = simulateRecords('twins')
  for (const ext of existing) target.create(ext, { a: 'old' }, -7200)
  target.catchUp()
  const [object] = target.spec.objects
  const server = simulateJobs(object ?? assert.fail())
  const warehouse = simulateWarehouse(['ext', 'a'])
  warehouse.rows = rows
  const behavior = behaviors['upsert'] ?? assert.fail()
  const activation: Activation = {
    name,
    query: 'select ext, a from simulated',
    behavior: behaviorFor(behavior, server.object) ?? assert.fail(),
    object: server.object,
    settings: {},
    warehouse: { name: 'w', spec: warehouse.spec, config: {}, secrets: [] },
    target: { name: 't', spec: { ...target.spec, objects: [server.object] }, config: {}, secrets: [] },
    identifier: { field: 'ext', column: 'ext' },
    mapping: {
      fields: [{ field: 'a', from: { column: 'a' }, clean: [], onNull: 'skip', onlyIfEmpty: false }],
      autoMap: false,
    },
    timeLimitMs: 240_000,
    baseDir: '/',
    ownership: 'respect',
    limits: { adds: 'off', removes: 'off', invalid: 'off', failures: 'off', shrunk: 'off' },
  }
  return { activation, target, server, warehouse, ports }
}

/** Outcomes in the Ledger, by Run in order and status. */
async function ledger(activation: string): Promise<readonly { run: number; status: string; lines: number }[]> {
  const { rows: lines } = await database.pool.query<{ run: number; status: string; lines: number }>(
    `select dense_rank() over (order by l.run_id)::int as run, l.status, count(*)::int as lines from ledger l join activation a on a.id = l.activation_id
     where a.name = $1 group by l.run_id, l.status order by l.run_id, l.status`,
    [activation],
  )
  return lines
}

async function hasOpenWork(activation: string): Promise<boolean> {
  const { rows: left } = await database.pool.query(
    `select from batch b join run r on r.id = b.run_id join activation a on a.id = r.activation_id where a.name = $1 and b.settled_at is null
     and b.ticket is not null union all select from operation o join run r on r.id = o.run_id join activation a on a.id = r.activation_id where a.name = $1 and r.status = 'interrupted'`,
    [activation],
  )
  return left.length > 0
}

/** Runs until the Target is as the query asks: nothing is lost, created twice, or written twice. */
async function comeToRest({ activation, target, ports }: Stage, when: string): Promise<void> {
  const run = async () => {
    const report = await runActivation(activation, ports)
    assert.equal(report.fault, undefined, `${when}: ${report.fault?.message}`)
    return report
  }
  await run()
  // A create whose job was never heard of waits until the index must show what it made.
  await letTimePass(database.pool, activation.name, target, '1 hour')
  target.catchUp()
  await run()
  assert.equal((await run()).status, 'shelved', `${when}: there is still something to do`)
  for (const key of keys) {
    const live = target.live(key)
    assert.deepEqual(
      live.map(({ fields }) => fields['a']),
      [`new ${key}`],
      `${when}: ${key}`,
    )
    const writes = target.applied.filter(({ ext }) => ext === key)
    assert.equal(writes.length, 1, `${when}: ${key} was written ${writes.length} times`)
  }
  assert.deepEqual(target.doubles, [], when)
  assert.equal(await hasOpenWork(activation.name), false, `${when}: work was left behind`)
}

test('killed before and after each call to the job server: the results are collected, nothing is repeated or lost', async () => {
  let deaths = 0
  for (let at = 1; ; at += 1) {
    const name = `job call ${at}`
    const mortal = mortalPool(database.url, 'tailrace')
    const stage = openStage(name)
    const { server, activation, ports, target } = stage
    let calls = 0
    let stageAtDeath = ''
    server.onCall = (step, when) => {
      calls += 1
      if (calls === at) {
        mortal.kill()
        stageAtDeath = `killed ${when} ${step} (call ${at})`
      }
      if (mortal.dead) throw new Error('this process is dead')
    }
    await runAndDie(activation, ports, mortal)
    if (!mortal.dead) break
    deaths += 1
    const closed = new Set(
      [...server.jobs.values()]
        .filter(({ state }) => state === 'closed')
        .flatMap(({ operations }) => operations.map(({ key }) => key)),
    )
    server.onCall = () => undefined
    await comeToRest(stage, stageAtDeath)
    // What a job had done when the process died is booked under the Run that started it.
    const [first] = (await ledger(name)).filter(({ run, status }) => run === 1 && status === 'delivered')
    assert.ok((first?.lines ?? 0) >= closed.size, `${stageAtDeath}: ${closed.size} results belong to the first Run`)
    assert.equal(target.applied.length, keys.length)
  }
  assert.ok(deaths > 20, `only ${deaths} calls`)
})

test('killed at every statement: the results are collected, nothing is repeated or lost', async () => {
  let deaths = 0
  for (let at = 1; ; at += stride) {
    const name = `job statement ${at}`
    const mortal = mortalPool(database.url, 'tailrace', at)
    const stage = openStage(name)
    stage.server.onCall = () => {
      if (mortal.dead) throw new Error('this process is dead')
    }
    await runAndDie(stage.activation, stage.ports, mortal)
    if (!mortal.dead) break
    deaths += 1
    stage.server.onCall = () => undefined
    await comeToRest(stage, `killed at statement ${at}`)
  }
  assert.ok(deaths > 5, `only ${deaths} statements`)
})

test('stopped while the Target works: plan, verify and a preview of an undo leave the records alone, and the next Run books them where they belong', async () => {
  const stop = new AbortController()
  const ports: Ports = { ...quietPorts(database.pool), stop: stop.signal }
  const stage = openStage('stopped', ports)
  const { activation, server, target } = stage
  server.pending = 1_000_000
  server.onCall = (step) => {
    // All three jobs are at work.
    if (step === 'result' && [...server.jobs.values()].filter(({ state }) => state === 'closed').length === 3)
      stop.abort()
  }
  const first = await runActivation(activation, ports)
  assert.equal(first.status, 'cancelled')
  assert.deepEqual([first.counts.planned, first.counts.delivered, first.counts.unconfirmed], [9, 0, 9])
  assert.ok(first.notices.some(({ code }) => code === 'job-at-work'))

  server.onCall = () => undefined
  const calm: Ports = quietPorts(database.pool)
  const { report, lines } = await planActivation(activation, calm, {}, async (plan) => {
    const all = []
    for await (const page of plan.lines('all')) all.push(...page)
    return { report: plan.report, lines: all }
  })
  assert.deepEqual(
    lines.map(({ kind, code }) => `${kind} ${code}`),
    keys.map(() => 'wait job-at-work'),
  )
  assert.ok(report.notices.some(({ code }) => code === 'job-at-work'))
  const verified = await verifyActivation(activation, calm, { repair: true })
  assert.ok(verified?.notices.some(({ code }) => code === 'job-at-work'))
  assert.equal(verified?.verified.missing, 0)
  const undone = { id: first.run, groups: [] }
  let previewed: readonly string[] = []
  await undoRun(
    activation,
    calm,
    undone,
    (plan) => {
      previewed = plan.notices.map(({ code }) => code)
      return Promise.resolve(false)
    },
    { isPreview: true },
  )
  assert.ok(previewed.includes('job-at-work'))
  assert.equal(target.applied.length, keys.length, 'something was sent again')

  // The time limit of the next Run passes before the job is done: it is deferred, and the tickets are left.
  const short = await runActivation({ ...activation, timeLimitMs: 300 }, calm)
  assert.deepEqual([short.status, short.fault?.code], ['deferred', 'time-limit'])

  for (const job of server.jobs.values()) job.pending = 0
  const collecting = await runActivation(activation, calm)
  assert.equal(collecting.status, 'shelved', collecting.fault?.message)
  assert.equal(collecting.notices.filter(({ code }) => code === 'job-collected').length, 3)
  assert.deepEqual(await ledger('stopped'), [{ run: 1, status: 'delivered', lines: 9 }])
  const { rows: counted } = await database.pool.query<{ delivered: number; unconfirmed: number; synced: string }>(
    `select (counts ->> 'delivered')::int as delivered, (counts ->> 'unconfirmed')::int as unconfirmed, synced from run where id = $1`,
    [first.run],
  )
  assert.deepEqual(counted, [{ delivered: 9, unconfirmed: 0, synced: '9' }])
  await comeToRest(stage.ports === ports ? { ...stage, ports: calm } : stage, 'collected')
})

test('an undo collects the results first, and undoes them', async () => {
  const stop = new AbortController()
  const stage = openStage('undone', { ...quietPorts(database.pool), stop: stop.signal })
  const { activation, server, target } = stage
  server.pending = 1_000_000
  server.onCall = (step) => {
    if (step === 'result' && [...server.jobs.values()].filter(({ state }) => state === 'closed').length === 3)
      stop.abort()
  }
  const first = await runActivation(activation, stage.ports)
  server.onCall = () => undefined
  server.pending = 0
  for (const job of server.jobs.values()) job.pending = 0
  target.catchUp()
  const undo = await undoRun(activation, quietPorts(database.pool), { id: first.run, groups: [] }, () =>
    Promise.resolve(true),
  )
  assert.equal(undo?.fault, undefined, undo?.fault?.message)
  for (const key of keys)
    assert.deepEqual(
      target.live(key).map(({ fields }) => fields['a']),
      existing.includes(key) ? ['old'] : [],
      key,
    )
})

test('a job that the Target no longer knows is settled by reading, not by assumption', async () => {
  for (const wasDone of [true, false]) {
    const name = `gone, ${wasDone ? 'done' : 'not done'}`
    const mortal = mortalPool(database.url, 'tailrace')
    const stage = openStage(name)
    const { server, activation, ports } = stage
    server.onCall = (step, when) => {
      if (step === (wasDone ? 'result' : 'upload') && when === 'before') mortal.kill()
      if (mortal.dead) throw new Error('this process is dead')
    }
    await runAndDie(activation, ports, mortal)
    server.jobs.clear()
    server.onCall = () => undefined
    await comeToRest(stage, name)
  }
})

test('what a job changes in synced records is no drift while it works', async () => {
  const stop = new AbortController()
  const stage = openStage('changed', quietPorts(database.pool))
  const { activation, server, target, warehouse } = stage
  server.pending = 0
  assert.equal((await runActivation(activation, stage.ports)).status, 'completed')
  target.catchUp()
  warehouse.rows = keys.map((key) => [key, `newer ${key}`])
  server.pending = 1_000_000
  server.onCall = (step) => {
    if (step === 'result') stop.abort()
  }
  const second = await runActivation(activation, { ...stage.ports, stop: stop.signal })
  assert.equal(second.status, 'cancelled')
  assert.ok(second.counts.unconfirmed > 0)
  target.catchUp()
  server.onCall = () => undefined
  const verified = await verifyActivation(activation, stage.ports, { repair: false })
  assert.equal(verified?.verified.missing, 0)
  for (const job of server.jobs.values()) job.pending = 0
  server.pending = 0
  assert.equal((await runActivation(activation, stage.ports)).fault, undefined)
  assert.equal((await runActivation(activation, stage.ports)).status, 'shelved')
  for (const key of keys) assert.equal(target.live(key)[0]?.fields['a'], `newer ${key}`)
  assert.equal(target.applied.length, 2 * keys.length)
})

test('after a canary that the Target still works on, nothing else is sent', async () => {
  const stage = openStage('canary', quietPorts(database.pool))
  const { activation, server } = stage
  server.onCall = (step, when) => {
    if (step === 'result' && when === 'before')
      throw new Fault('transient', 'The Target does not answer.', { code: 'job-status-unknown', mayHaveApplied: true })
  }
  const report = await runActivation(activation, stage.ports, { canary: 1 })
  assert.deepEqual([report.status, report.fault?.code, server.jobs.size], ['deferred', 'target-down', 1])
  server.onCall = () => undefined
  await comeToRest(stage, 'canary')
})

test('links that a job adds are collected like records', async () => {
  const target = simulateTarget(keys)
  const server = simulateJobs(target.spec.objects[0] ?? assert.fail())
  const warehouse = simulateWarehouse(['id'])
  warehouse.rows = keys.map((key) => [key])
  const mortal = mortalPool(database.url, 'tailrace')
  server.onCall = (step, when) => {
    if (step === 'result' && when === 'before') mortal.kill()
    if (mortal.dead) throw new Error('this process is dead')
  }
  const activation: Activation = {
    name: 'links',
    query: 'select id from simulated',
    behavior: behaviorFor(behaviors['mirror'] ?? assert.fail(), server.object) ?? assert.fail(),
    object: server.object,
    settings: { tags: ['Tag'] },
    warehouse: { name: 'w', spec: warehouse.spec, config: {}, secrets: [] },
    target: { name: 't', spec: { ...target.spec, objects: [server.object] }, config: {}, secrets: [] },
    identifier: { field: 'id', column: 'id' },
    timeLimitMs: 240_000,
    baseDir: '/',
    ownership: 'respect',
    limits: { adds: 'off', removes: 'off', invalid: 'off', failures: 'off', shrunk: 'off' },
  }
  await runAndDie(activation, quietPorts(database.pool), mortal)
  assert.ok(mortal.dead)
  server.onCall = () => undefined
  const { id } = (await findActivation(database.pool, 'links')) ?? assert.fail()
  const { unconfirmed } = await settleInterrupted(database.pool, id, 'links')
  assert.ok(unconfirmed >= 7, `other activations see only ${unconfirmed} wanted links`)
  const second = await runActivation(activation, quietPorts(database.pool))
  assert.equal(second.fault, undefined, second.fault?.message)
  assert.equal((await runActivation(activation, quietPorts(database.pool))).status, 'shelved')
  assert.deepEqual(target.writes.map(({ key }) => key).sort(), keys)
  // They are managed: when their rows leave, the links come off.
  target.catchUp()
  warehouse.rows = []
  const removing = await runActivation(activation, quietPorts(database.pool), { allow: ['empty'] })
  assert.equal(removing.counts.delivered, keys.length, removing.fault?.message)
  assert.equal(target.tagged.size, 0)
})
