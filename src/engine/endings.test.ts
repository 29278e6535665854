import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { intercomActivation, quietPorts, type IntercomCase } from '../testing/harness/intercom-activation.ts'
import { repeatedRows } from '../testing/behavior-kit/tally.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import type { Activation } from './activation.ts'
import type { RunReport } from './run-report.ts'
import { planActivation } from './plan-activation.ts'
import { runActivation, type RunOptions } from './run.ts'
import type { Limits } from '../rules/guardrails.ts'

const { startIntercomEmulator, contactId } = await emulators.intercom()
const intercom = await startIntercomEmulator({ contacts: 900, limit: 1_000_000 })
const database = await testDatabase()
after(async () => {
  await intercom.close()
  await database.close()
})
const guarded: Limits = {
  adds: { share: 0.5 },
  removes: { share: 0.2 },
  invalid: { share: 0.05 },
  failures: { share: 0.1 },
  shrunk: { share: 0.5 },
}
const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => contactId(from + index))
const run = async (activation: Activation, options: RunOptions = {}): Promise<RunReport> =>
  checked(await runActivation(activation, quietPorts(database.pool), options))

/** A tag per test, so that no two tests share one. */
async function harness(
  name: string,
  behavior: string,
  more: Partial<IntercomCase> & { readonly limits?: Limits } = {},
) {
  intercom.world.createTag?.(name)
  const warehouse = simulateWarehouse()
  const { limits = guarded, ...rest } = more
  const activation = await intercomActivation(intercom, {
    name,
    object: 'contact_tag',
    behavior,
    warehouse,
    tags: [name],
    delivery: 'single',
    settings: { createTag: true },
    ...rest,
  })
  return { warehouse, activation: { ...activation, limits } }
}

/** Checks what must hold for every report, however the Run ended. */
function checked(report: RunReport): RunReport {
  const { status, counts: c, requests, fault } = report
  const reported = JSON.stringify({ status, counts: c, fault: fault?.message })
  if (status === 'shelved')
    assert.equal(c.planned + c.delivered + c.alreadyInPlace + c.rejected + c.onHold + c.unconfirmed, 0, reported)
  if (status === 'completed') assert.equal(c.invalid + c.rejected + c.onHold + c.unconfirmed, 0, reported)
  if (status === 'blocked') assert.deepEqual([requests.write, c.delivered, fault?.kind], [0, 0, 'blocked'], reported)
  if (status === 'stopped') assert.ok(requests.write > 0 && fault?.kind === 'stopped', reported)
  if (status === 'deferred') assert.ok(fault?.kind === 'transient', reported)
  if (c.planned + c.unchanged > 0)
    assert.equal(c.read, repeatedRows(report) + c.invalid + c.added + c.changed + c.unchanged, reported)
  if (status !== 'blocked')
    assert.ok(
      c.delivered + c.alreadyInPlace + c.leftAlone + c.rejected + c.onHold + c.unconfirmed >= c.planned,
      reported,
    )
  return report
}

const outage = () => intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'reset' } })

test('an outage is no guardrail: the Run is deferred, and the next one goes on, within its limits', async () => {
  for (const behavior of ['attach', 'mirror']) {
    const s = await harness(`outage ${behavior}`, behavior)
    s.warehouse.rows = ids(1, 130)
    // The last ones are answered, so that the Run completes for all but a few.
    intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', from: 51, effect: { type: 'status', status: 503 } })
    const cut = await run({ ...s.activation, timeLimitMs: 4000 })
    intercom.faults.clear()
    assert.equal(cut.status, 'deferred', cut.fault?.message)
    assert.ok(cut.counts.onHold + cut.counts.unconfirmed > 0)
    const next = await run(s.activation)
    assert.deepEqual(
      [next.status, intercom.world.members(`outage ${behavior}`, 'contact').length],
      ['completed', 130],
      next.fault?.message,
    )
  }
})

test('rejections are what the guardrail counts, whatever else happens', async () => {
  const s = await harness('rejections', 'attach')
  s.warehouse.rows = ids(1, 300)
  intercom.faults.add({
    method: 'POST',
    path: '/contacts/*/tags',
    every: 3,
    effect: {
      type: 'status',
      status: 422,
      body: { type: 'error.list', errors: [{ code: 'parameter_invalid', message: 'No' }] },
    },
  })
  const stopped = await run(s.activation)
  intercom.faults.clear()
  assert.deepEqual([stopped.status, stopped.fault?.code], ['stopped', 'guard-failures'])
  assert.match(stopped.fault?.message ?? '', /were rejections/)
})

test('a canary that gets no answer is an outage, one that is rejected stops the Run', async () => {
  const s = await harness('canary', 'attach')
  s.warehouse.rows = ids(1, 30)
  outage()
  const silent = await run({ ...s.activation, timeLimitMs: 3000 }, { canary: 2 })
  intercom.faults.clear()
  assert.equal(silent.status, 'deferred', silent.fault?.message)
  s.warehouse.rows = ['nobody', ...ids(1, 30)].toReversed().toReversed()
  const rejected = await run({ ...s.activation, limits: { ...guarded, failures: 'off' } }, { canary: 31 })
  assert.deepEqual([rejected.status, rejected.fault?.code], ['stopped', 'canary-failed'])
})

test('a first Run that is cut short goes on, as often as it takes: what is on hold is no new addition', async () => {
  const s = await harness('cut short', 'mirror')
  s.warehouse.rows = ids(1, 90)
  intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', from: 41, effect: { type: 'status', status: 503 } })
  const first = await run({ ...s.activation, timeLimitMs: 3000 })
  intercom.faults.clear()
  assert.equal(first.status, 'deferred')
  const { onHold, unconfirmed } = first.counts
  assert.ok(onHold + unconfirmed > 0)
  // Once a Run has completed, a share limit applies. Records on hold still do not count; new ones do.
  s.warehouse.rows = ids(1, 90)
  const second = await run(s.activation)
  assert.deepEqual([second.status, second.counts.onHold], ['completed', 0], second.fault?.message)
  s.warehouse.rows = ids(1, 300)
  const absurd = await run(s.activation)
  assert.deepEqual([absurd.status, absurd.fault?.code], ['blocked', 'guard-adds'])
  assert.match(absurd.fault?.message ?? '', /^210 records would be added; the Activation holds 90\./)
})

test('a guardrail that needs no reads blocks before the Target is read, and says what the Run would have done', async () => {
  const s = await harness('early', 'mirror')
  s.warehouse.rows = ids(1, 200)
  assert.equal((await run(s.activation)).status, 'completed')
  for (const [rows, code] of [
    [ids(1, 100), 'guard-removes'],
    [ids(1, 520), 'guard-adds'],
    [[], 'guard-several'],
  ] as const) {
    s.warehouse.rows = rows
    intercom.requests.clear()
    const blocked = await run(s.activation)
    assert.deepEqual([blocked.status, blocked.fault?.code], ['blocked', code], blocked.fault?.message)
    const seen = intercom.requests.latest().filter(({ path }) => path.includes('/contacts'))
    assert.deepEqual(
      seen.map(({ method, path }) => `${method} ${path}`),
      [],
    )
    assert.equal(blocked.counts.planned, rows.length === 520 ? 320 : 200 - rows.length)
  }
  // Removed Records are reported each time the Run is blocked.
  s.warehouse.rows = ids(1, 100)
  const again = await run(s.activation)
  assert.deepEqual([again.counts.removed, again.counts.planned], [100, 100])
  const allowed = await run(s.activation, { allow: ['removes'] })
  assert.deepEqual(
    [allowed.status, allowed.counts.removed, allowed.counts.delivered],
    ['completed', 100, 100],
    allowed.fault?.message,
  )
})

test('a time limit or an outage while planning defers the Run, and nothing was written', async () => {
  const removing = await harness('planning removals', 'mirror')
  removing.warehouse.rows = ids(1, 30)
  assert.equal((await run(removing.activation)).status, 'completed')
  removing.warehouse.rows = ids(1, 28)
  intercom.faults.add({ method: 'GET', path: '/contacts/**', effect: { type: 'status', status: 503 } })
  const cut = await run({ ...removing.activation, timeLimitMs: 2500 })
  intercom.faults.clear()
  assert.deepEqual([cut.status, cut.requests.write, cut.counts.delivered], ['deferred', 0, 0], cut.fault?.message)
  const next = await run(removing.activation)
  assert.deepEqual([next.status, next.counts.delivered], ['completed', 2], next.fault?.message)
})

test('what a Run had read before it was put off is not read again by the next', async () => {
  const s = await harness('kept reads', 'mirror')
  s.warehouse.rows = ids(1, 200)
  assert.equal((await run(s.activation)).status, 'completed')
  s.warehouse.rows = ids(1, 165)
  const reads = () =>
    intercom.requests
      .latest()
      .filter(({ method, path }) => method === 'GET' && /^\/contacts\/[0-9a-f]{24}/.test(path))
      .map(({ path }) => path)
  const answered = new Set<string>()
  for (let tries = 0; ; tries += 1) {
    intercom.requests.clear()
    intercom.faults.add({ method: 'GET', path: '/contacts/**', from: 11, effect: { type: 'status', status: 503 } })
    const report = await run({ ...s.activation, timeLimitMs: 2500, target: { ...s.activation.target } })
    intercom.faults.clear()
    assert.ok(
      reads().every((path) => !answered.has(path)),
      'what was read was asked for again',
    )
    if (report.status === 'completed') break
    assert.deepEqual([report.status, report.requests.write], ['deferred', 0], report.fault?.message)
    for (const { path, status } of intercom.requests.latest() as readonly {
      readonly path: string
      readonly status: number
    }[])
      if (status === 200 && /^\/contacts\/[0-9a-f]{24}/.test(path)) answered.add(path)
    assert.ok(tries < 10)
  }
  assert.equal(intercom.world.members('kept reads', 'contact').length, 165)
})

test('rows that say the same count once; of others that name one record none counts, or the first', async () => {
  const s = await harness('repeated', 'attach')
  s.warehouse.rows = [...ids(1, 3), ...ids(1, 3), contactId(1)]
  const first = await run(s.activation)
  assert.deepEqual([first.status, first.counts.delivered, first.counts.invalid], ['completed', 3, 0])
  assert.equal((await run(s.activation)).status, 'shelved')

  const people = simulateWarehouse(['ext', 'name'])
  const mapping = { name: 'name' }
  const whole = await intercomActivation(intercom, {
    name: 'people twice',
    object: 'contact',
    behavior: 'upsert',
    warehouse: people,
    identifier: { field: 'external_id', column: 'ext' },
    mapping,
  })
  people.rows = [
    ['p1', 'One'],
    ['p1', 'One'],
    ['p2', 'Two'],
    ['p2', 'Other'],
    ['p3', 'Three'],
  ]
  const rejected = await run(whole)
  assert.deepEqual([rejected.counts.delivered, rejected.counts.invalid], [2, 2], rejected.fault?.message)
  const chosen = await run({ ...whole, duplicates: 'first' })
  assert.deepEqual(
    [chosen.counts.delivered, chosen.counts.invalid, chosen.notices.some(({ code }) => code === 'later-rows')],
    [1, 0, true],
  )
  assert.equal(intercom.world.contact({ external_id: 'p2' })?.name, 'Two')
})

test('all invalid rows are counted by code and column, and are lines of the plan', async () => {
  const s = await harness('invalid', 'attach')
  s.warehouse.rows = [...Array.from({ length: 1500 }, () => null), ...ids(1, 10), ' ']
  await planActivation(
    { ...s.activation, limits: { ...guarded, invalid: 'off' } },
    quietPorts(database.pool),
    {},
    async (plan) => {
      assert.deepEqual(
        plan.report.invalidRows.map(({ code, column, count }) => [code, column, count]),
        [
          ['null-identifier', 'id', 1500],
          ['blank-identifier', 'id', 1],
        ],
      )
      const rows = (await Array.fromAsync(plan.invalidRows())).flat()
      assert.deepEqual([rows.length, rows[0]?.row, rows.at(-1)?.row], [1501, 1, 1511])
    },
  )
})

test('plans spend no Run numbers, and have their own', async () => {
  const s = await harness('numbers', 'attach')
  s.warehouse.rows = ids(1, 2)
  const before = await run(s.activation)
  const kept: number[] = []
  for (let index = 0; index < 3; index += 1) {
    await planActivation(
      s.activation,
      quietPorts(database.pool),
      { exact: true },
      async (plan) => void kept.push(await plan.keep(Date.now() + 60_000)),
    )
  }
  assert.deepEqual(
    kept.map((number) => number - (kept[0] ?? 0)),
    [0, 1, 2],
  )
  assert.ok((kept[0] ?? 0) < 1000)
  assert.equal((await run(s.activation)).run, before.run + 1)
})
