import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { attach } from '../behaviors/attach.ts'
import { detach } from '../behaviors/detach.ts'
import { mirror } from '../behaviors/mirror.ts'
import type { SyncBehavior } from '../model/behavior.ts'
import { simulateTarget } from '../testing/simulated/simulated-target.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import type { Activation } from './activation.ts'
import type { Ports } from './ports.ts'
import { runActivation } from './run.ts'
import { verifyActivation } from './verify.ts'

const keys = ['a', 'b', 'c', 'd']

/** An Activation with four target records, all in the query and delivered by a first Run. */
async function bench(t: TestContext, behavior: SyncBehavior, settings: Partial<Activation> = {}) {
  const { pool } = await testDatabase(t)
  const target = simulateTarget(keys, behavior === detach ? keys : [])
  const warehouse = simulateWarehouse()
  warehouse.rows = keys
  const activation: Activation = {
    name: 'verified',
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
    ...settings,
  }
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }
  const ports: Ports = {
    database: pool,
    now: Date.now,
    random: Math.random,
    worker: 'test',
    log: silent,
    progress: () => undefined,
    stop: new AbortController().signal,
    abort: new AbortController().signal,
  }
  await runActivation(activation, ports)
  return {
    target,
    warehouse,
    activation,
    run: (changes: Partial<Activation> = {}) => runActivation({ ...activation, ...changes }, ports),
    verify: async (repair = false) => (await verifyActivation(activation, ports, { repair }))?.verified,
  }
}

test('what the index does not know yet is confirmed by a direct read', async (t) => {
  const { verify } = await bench(t, attach)
  assert.deepEqual(await verify(), { confirmed: 4, pending: 0, missing: 0 })
})

test('drift: report never puts back what a person took off; repair does, in the same Run', async (t) => {
  const { target, run, verify } = await bench(t, attach)
  target.byHand('b', 'off', 0)
  target.catchUp()
  assert.deepEqual(await verify(), { confirmed: 3, pending: 0, missing: 1 })
  assert.equal((await run({ drift: 'report' })).status, 'shelved')
  assert.equal(target.tagged.has('b'), false)
  const repaired = await run({ drift: 'repair' })
  assert.deepEqual([repaired.status, repaired.counts.delivered], ['completed', 1])
  assert.equal(target.tagged.get('b')?.by, 'us')
  assert.deepEqual(await verify(), { confirmed: 4, pending: 0, missing: 0 })
})

test('what is made due stays missing until a Run has put it right, and is read before it is sent', async (t) => {
  const { target, run, verify } = await bench(t, mirror)
  target.byHand('b', 'off', 0)
  target.byHand('c', 'off', 0)
  target.catchUp()
  const missing = { confirmed: 2, pending: 0, missing: 2 }
  assert.deepEqual(await verify(true), missing)
  assert.deepEqual(await verify(), missing)
  target.byHand('c', 'on', 7200)
  const before = target.writes.length
  await run()
  assert.deepEqual(
    target.writes.slice(before).map(({ key }) => key),
    ['b'],
  )
  assert.equal(target.tagged.get('c')?.by, 'person')
})

test('what is made due to be taken off, and is off by then, is in place: this Run did nothing', async (t) => {
  const { target, run, verify } = await bench(t, detach)
  target.byHand('b', 'on', 0)
  target.catchUp()
  assert.deepEqual(await verify(true), { confirmed: 3, pending: 0, missing: 1 })
  target.byHand('b', 'off', 0)
  target.catchUp()
  const before = target.writes.length
  const { counts, requests } = await run()
  assert.deepEqual(
    [counts.delivered, counts.alreadyInPlace, requests.write, target.writes.length - before],
    [0, 1, 0, 0],
  )
})

test('the tag of a person who put it back stays when its record leaves the query', async (t) => {
  const { target, warehouse, run, verify } = await bench(t, mirror)
  target.byHand('c', 'off', 0)
  target.catchUp()
  await verify(true)
  target.byHand('c', 'on', 7200)
  await run()
  warehouse.rows = ['a', 'd']
  await run()
  assert.deepEqual([...target.tagged.keys()].sort(), ['a', 'c', 'd'])
  assert.deepEqual(target.lost, [])
})

test('for detach, drift is what was put back', async (t) => {
  const { target, run, verify } = await bench(t, detach)
  target.byHand('d', 'on', 0)
  target.catchUp()
  assert.deepEqual(await verify(true), { confirmed: 3, pending: 0, missing: 1 })
  assert.equal((await run()).status, 'completed')
  assert.equal(target.tagged.size, 0)
})

test("a record that left the query is nobody's concern", async (t) => {
  const { target, warehouse, run, verify } = await bench(t, attach)
  warehouse.rows = ['a', 'b']
  await run()
  target.byHand('d', 'off', 0)
  assert.deepEqual(await verify(), { confirmed: 2, pending: 0, missing: 0 })
})
