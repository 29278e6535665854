import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../targets/emulators.gen.ts'
import { dieAtCall } from '../testing/failures/run-and-die.ts'
import { intercomActivation, quietPorts } from '../testing/harness/intercom-activation.ts'
import { isDeep } from '../testing/harness/sample-size.ts'
import { simulateWarehouse } from '../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../testing/harness/test-database.ts'
import { emptyDatabase } from '../testing/harness/time-machine.ts'
import { runActivation } from './run.ts'

/** Testing every call index takes minutes: CI tests all, a local run every ninth. */
const stride = isDeep ? 1 : 9
const records = 60

const { startIntercomEmulator, contactId, companyIntercomId } = await emulators.intercom()
const intercom = await startIntercomEmulator({
  contacts: 300,
  companies: 300,
  conversations: 300,
  tags: ['Crash'],
  limit: 1_000_000,
})
const database = await testDatabase()
after(async () => {
  await intercom.close()
  await database.close()
})

const kinds = {
  contact: contactId,
  company: companyIntercomId,
  conversation: (index: number) => String(index),
} as const

for (const [kind, idOf] of Object.entries(kinds) as [keyof typeof kinds, (index: number) => string][]) {
  for (const id of ['attach', 'detach', 'mirror']) {
    test(`${kind} × ${id}: killed at every call, one more Run brings what the query asks`, async () => {
      const ids = Array.from({ length: records }, (_, index) => idOf(index + 1))
      for (let call = 1; ; call += stride) {
        const crash = await playCrash(kind, id, ids, idOf, call)
        const wanted = id === 'detach' ? [] : id === 'attach' ? ids : [...ids.slice(records / 2), ...later(idOf)]
        assert.deepEqual(intercom.world.members('Crash', kind).toSorted(), wanted.toSorted(), `killed at call ${call}`)
        for (const [request, times] of writesByRequest())
          assert.ok(times <= 2, `${request} was sent ${times} times after a kill at call ${call}`)
        if (!crash.died) break
      }
    })
  }
}

/** For a mirror: the Records that the second query adds to the second half of the first. */
function later(idOf: (index: number) => string): string[] {
  return Array.from({ length: records / 2 }, (_, index) => idOf(records + index + 1))
}

async function playCrash(
  kind: keyof typeof kinds,
  id: string,
  ids: readonly string[],
  idOf: (index: number) => string,
  call: number,
): Promise<{ died: boolean }> {
  // Remove all earlier holders: links that another Activation still desires would stay.
  await emptyDatabase(database.pool)
  for (const group of intercom.world.members('Crash', kind)) intercom.world.detach(kind, group, 'Crash')
  const warehouse = simulateWarehouse()
  const activation = await intercomActivation(intercom, {
    name: `${kind} ${id} ${call}`,
    object: `${kind}_tag`,
    behavior: id,
    warehouse,
    tags: ['Crash'],
    delivery: 'single',
    concurrency: 5,
  })
  warehouse.rows = ids
  if (id === 'detach') for (const targetRecord of ids) intercom.world.attach(kind, targetRecord, 'Crash')
  if (id === 'mirror') {
    await runActivation(activation, quietPorts(database.pool))
    warehouse.rows = [...ids.slice(records / 2), ...later(idOf)]
  }
  intercom.requests.clear()
  const died = await dieAtCall(activation, database, call)
  const report = await runActivation(activation, quietPorts(database.pool))
  assert.equal(report.fault, undefined, report.fault?.message)
  return { died }
}

function writesByRequest(): Map<string, number> {
  const times = new Map<string, number>()
  for (const { method, path } of intercom.requests.latest()) {
    if (method === 'GET' || path.endsWith('/search') || path === '/tags') continue
    times.set(`${method} ${path}`, (times.get(`${method} ${path}`) ?? 0) + 1)
  }
  return times
}
