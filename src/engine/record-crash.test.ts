import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { dieAtCall } from '../testing/failures/run-and-die.ts'
import type { Row } from '../model/row.ts'
import { intercomActivation, quietPorts } from '../testing/harness/intercom-activation.ts'
import { isDeep } from '../testing/harness/sample-size.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { runActivation } from './run.ts'

/**
 * Testing every call index takes minutes: CI tests every third, a local run every ninth. For tags, CI tests all
 * (crash.test.ts).
 */
const stride = isDeep ? 3 : 9
const records = 60

const { startIntercomEmulator } = await emulators.intercom()
const database = await testDatabase()
after(() => database.close())

/** Half of the contacts in the query exist from the start. */
const seeds = Array.from({ length: records / 2 }, (_, at) => ({
  id: `c${at}`,
  external_id: `x${at}`,
  email: `p${at}@acme.test`,
  name: 'Old',
}))
const rows: readonly Row[] = Array.from({ length: records }, (_, at) => [`x${at}`, `p${at}@acme.test`, `Person ${at}`])

for (const behavior of ['upsert', 'update', 'archive'] as const) {
  test(`contact × ${behavior}: killed at every call, one more Run brings what the query asks, and no contact is made twice`, async (t) => {
    for (let call = 1; ; call += stride) {
      const intercom = await startIntercomEmulator({ limit: 1_000_000, contacts: seeds })
      t.after(() => intercom.close())
      const warehouse = simulateWarehouse(['id', 'email', 'name'])
      warehouse.rows = rows
      const activation = await intercomActivation(intercom, {
        name: `contact ${behavior} ${call}`,
        object: 'contact',
        behavior,
        warehouse,
        concurrency: 5,
        identifier: { field: 'external_id', column: 'id' },
        ...(behavior !== 'archive' && { mapping: { email: 'email', name: 'name' } }),
      })
      const died = await dieAtCall(activation, database, call)
      const report = await runActivation(activation, quietPorts(database.pool))
      assert.equal(report.fault, undefined, report.fault?.message)
      for (const [at, [id = '', , name]] of rows.entries()) {
        const seen = intercom.world.contacts({ external_id: id ?? '' })
        const isThere = behavior === 'upsert' || at < seeds.length
        assert.equal(seen.length, isThere ? 1 : 0, `${id} is there ${seen.length} times after a kill at call ${call}`)
        const [contact] = seen
        if (contact === undefined) continue
        assert.deepEqual(
          [contact.state, contact.name],
          behavior === 'archive' ? ['archived', 'Old'] : ['live', name],
          `${id}, killed at call ${call}`,
        )
      }
      assert.equal(
        intercom.world.summary().createdContacts,
        behavior === 'upsert' ? records / 2 : 0,
        `killed at call ${call}`,
      )
      assert.equal((await runActivation(activation, quietPorts(database.pool))).requests.write, 0, 'a Run without news')
      if (!died) break
    }
  })
}

const minute = 60_000

/** The created contacts, and how the query names them. */
const cases = {
  'users by external_id': { identifier: 'external_id', value: 'new-1', more: {}, twice: false },
  'users by email': { identifier: 'email', value: 'new@acme.test', more: {}, twice: false },
  'leads by email': {
    identifier: 'email',
    value: 'new@acme.test',
    more: { role: { from: { constant: 'lead' } } },
    twice: true,
  },
} as const

for (const [who, { identifier, value, more, twice }] of Object.entries(cases)) {
  for (const lost of ['after it was created', 'before'] as const) {
    test(`${who}: the reply to a creation is lost ${lost}, the index lags 3 minutes: run again and again, there is one contact`, async (t) => {
      let shiftMs = 0
      const intercom = await startIntercomEmulator({
        limit: 1_000_000,
        contacts: 0,
        indexLagMs: 3 * minute,
        now: () => Date.now() + shiftMs,
      })
      t.after(() => intercom.close())
      const warehouse = simulateWarehouse(['id', 'name'])
      warehouse.rows = [[value, 'Jane']]
      const activation = await intercomActivation(intercom, {
        name: `${who} ${lost}`,
        object: 'contact',
        behavior: 'upsert',
        warehouse,
        identifier: { field: identifier, column: 'id' },
        mapping: { name: 'name', ...more },
      })
      const run = () => runActivation(activation, { ...quietPorts(database.pool), now: () => Date.now() + shiftMs })
      const created = () => intercom.world.createdContacts().map(({ name }) => name)
      intercom.faults.add({
        method: 'POST',
        path: '/contacts',
        count: 1,
        effect: { type: 'reset', applied: lost !== 'before' },
      })
      const first = await run()
      assert.deepEqual([first.counts.unconfirmed, created()], [1, lost === 'before' ? [] : ['Jane']])
      const second = await run()
      // The Target would silently create a second lead with this email: it waits until the search must show the first.
      if (twice)
        assert.deepEqual(
          [second.counts.onHold, second.requests.write, created()],
          [1, 0, lost === 'before' ? [] : ['Jane']],
        )
      else assert.deepEqual([second.counts.delivered, created()], [1, ['Jane']])
      shiftMs = 20 * minute
      const third = await run()
      assert.equal(third.counts.unconfirmed + third.counts.onHold + third.counts.rejected, 0)
      shiftMs = 40 * minute
      assert.deepEqual([(await run()).status, created()], ['shelved', ['Jane']])
    })
  }
}
