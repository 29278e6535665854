import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { emulators } from '../../targets/emulators.gen.ts'
import { readExchanges } from '../../store/ledger/exchanges.ts'
import { forgetActivation } from '../../store/project/forget-activation.ts'
import { pruneRuns } from '../../store/runs/prune-runs.ts'
import { intercomActivation, quietPorts, type IntercomCase } from '../../testing/harness/intercom-activation.ts'
import { simulateWarehouse } from '../../testing/simulated/simulated-warehouse.ts'
import { testDatabase } from '../../testing/harness/test-database.ts'
import type { Activation } from '../activation.ts'
import { runActivation } from '../run.ts'

const { startIntercomEmulator, contactId } = await emulators.intercom()
const database = await testDatabase()
const { pool } = database
const token = 'canary-token-b81f0a6c'
const intercom = await startIntercomEmulator({
  contacts: 20,
  tags: ['Old'],
  limit: 1_000_000,
  tokens: { [token]: { scopes: 'all' } },
})
const account = { url: intercom.url, token }
after(async () => {
  await intercom.close()
  await database.close()
})

const creating = { method: 'POST', path: '/contacts' }
const tagging = { method: 'POST', path: '/contacts/*/tags' }
const rejection = (status: number, message: string) => ({
  type: 'status' as const,
  status,
  body: { type: 'error.list', request_id: `req-${status}`, errors: [{ code: 'parameter_invalid', message }] },
})

async function harness(
  testCase: Omit<IntercomCase, 'warehouse'>,
  columns: Parameters<typeof simulateWarehouse>[0] = ['id'],
) {
  intercom.faults.clear()
  const warehouse = simulateWarehouse(columns)
  const activation = await intercomActivation(account, { ...testCase, warehouse })
  return {
    warehouse,
    run: (change: Partial<Activation> = {}) => runActivation({ ...activation, ...change }, quietPorts(pool)),
  }
}
const contacts = (name: string) =>
  harness(
    {
      name,
      object: 'contact',
      behavior: 'insert',
      identifier: { field: 'external_id', column: 'id' },
      mapping: { name: 'name' },
    },
    ['id', 'name'],
  )
const tags = (name: string) =>
  harness({ name, object: 'contact_tag', behavior: 'attach', tags: ['Old'], delivery: 'single' })

const keptOf = async (run: number): Promise<string[]> =>
  (await pool.query<{ key: string }>('select key from exchange where run_id = $1 order by ordinal', [run])).rows.map(
    ({ key }) => key,
  )

test('a refusal is kept with what was asked, word for word; what went well is not', async () => {
  const { warehouse, run } = await tags('refused')
  warehouse.rows = [contactId(1), 'gone']
  const { run: id, counts } = await run()
  assert.deepEqual([counts.delivered, counts.rejected, await keptOf(id)], [1, 1, ['gone']])
  const [kept] = await readExchanges(pool, [id], 'gone')
  assert.deepEqual(
    [kept?.method, kept?.path, kept?.status, kept?.code, kept?.httpStatus, kept?.trouble],
    ['POST', '/contacts/gone/tags', 'rejected', 'not-found', 404, undefined],
  )
  const tag = intercom.world.createTag('Old').id
  assert.deepEqual(JSON.parse(kept?.request?.text ?? ''), { id: tag })
  const {
    rows: [line],
  } = await pool.query<{ request_id: string }>('select request_id from ledger where run_id = $1 and key = $2', [
    id,
    'gone',
  ])
  assert.equal(kept?.requestId, line?.request_id)
  assert.equal(JSON.parse(kept?.answer?.text ?? '').errors[0].message, 'User Not Found')
})

for (const [status, code] of [
  [422, 'invalid-value'],
  [409, 'conflict'],
] as const) {
  test(`${status}: neither our token, however it got there, nor half of it across the cut, is kept`, async () => {
    const { warehouse, run } = await contacts(`says ${status}`)
    const padding = 'a'.repeat(4085 - `{"name":"${token} `.length)
    warehouse.rows = [['e 1', `${token} ${padding} ${token} ${'z'.repeat(6000)}`]]
    intercom.faults.add({
      ...creating,
      effect: rejection(
        status,
        `You sent Bearer ${token}, ${encodeURIComponent(token)} and ${Buffer.from(token).toString('base64')}`,
      ),
    })
    const { run: id } = await run()
    const [kept] = await readExchanges(pool, [id], 'e 1')
    assert.deepEqual([kept?.httpStatus, kept?.code, kept?.path], [status, code, '/contacts'])
    assert.match(kept?.request?.text ?? '', /^\{"name":"\[redacted\] a+ /)
    assert.ok((kept?.request?.size ?? 0) > 10_000, 'the size is of the whole')
    assert.equal(Buffer.byteLength(kept?.request?.text ?? ''), 4096)
    assert.match(kept?.answer?.text ?? '', /You sent Bearer \[redacted\], \[redacted\] and \[redacted\]/)
    const everything = JSON.stringify((await pool.query('select * from exchange')).rows)
    assert.ok(!everything.includes(token.slice(0, 8)), everything)
    assert.ok(!everything.includes(Buffer.from(token).toString('base64')), everything)
  })
}

test('of lost answers each Record has its own request, and the trouble in place of an answer', async () => {
  const { warehouse, run } = await contacts('lost')
  warehouse.rows = [
    ['l 1', 'One'],
    ['l 2', 'Two'],
    ['l 3', 'Three'],
  ]
  intercom.faults.add({ ...creating, effect: { type: 'reset', applied: true } })
  const { run: id, counts } = await run()
  assert.equal(counts.unconfirmed, 3)
  for (const [key, name] of warehouse.rows as [string, string][]) {
    const [kept] = await readExchanges(pool, [id], key)
    assert.deepEqual(JSON.parse(kept?.request?.text ?? ''), { name, external_id: key })
    assert.deepEqual([kept?.status, kept?.httpStatus, kept?.answer], ['unconfirmed', undefined, undefined])
    assert.match(kept?.trouble ?? '', /^POST \/contacts: 127\.0\.0\.1:\d+ closed the connection/)
  }
})

test('an answer of success that does not say what it should is kept, and so is a page in place of JSON', async () => {
  const odd = await tags('odd')
  odd.warehouse.rows = [contactId(2)]
  intercom.faults.add({ ...tagging, effect: { type: 'status', status: 200, body: { odd: 1 } } })
  const [kept] = await readExchanges(pool, [(await odd.run()).run], contactId(2))
  assert.deepEqual([kept?.code, kept?.httpStatus, kept?.answer?.text], ['odd-answer', 200, '{"odd":1}'])

  const paged = await contacts('a page')
  paged.warehouse.rows = [['p 1', 'One']]
  intercom.faults.add({ ...creating, effect: { type: 'html', status: 502 } })
  const [page] = await readExchanges(pool, [(await paged.run()).run], 'p 1')
  assert.deepEqual([page?.status, page?.httpStatus], ['unconfirmed', 502])
  assert.match(page?.answer?.text ?? '', /^<html>/)
  assert.match(page?.trouble ?? '', /answered 502/)
})

test('of 10,000 Records that fail alike five are kept, and five of each other reason', async () => {
  const { warehouse, run } = await tags('many')
  warehouse.rows = [
    ...Array.from({ length: 10_000 }, (_, index) => `stranger-${String(index).padStart(5, '0')}`),
    ...Array.from({ length: 8 }, (_, index) => contactId(index + 3)),
  ]
  for (let index = 3; index <= 10; index += 1)
    intercom.faults.add({ method: 'POST', path: `/contacts/${contactId(index)}/tags`, effect: rejection(422, 'No') })
  const { run: id, counts } = await run()
  assert.equal(counts.rejected, 10_008)
  const { rows } = await pool.query(
    'select code, count(*)::int as count from exchange where run_id = $1 group by code order by code',
    [id],
  )
  assert.deepEqual(rows, [
    { code: 'invalid-value', count: 5 },
    { code: 'not-found', count: 5 },
  ])
})

test('it goes with the line it belongs to, with its Run, and with its Activation', async () => {
  const { warehouse, run } = await tags('pruned')
  const missing = {
    type: 'status' as const,
    status: 404,
    body: { type: 'error.list', errors: [{ code: 'not_found', message: 'User Not Found' }] },
  }
  const inject = (index: number, count: number, effect: typeof missing) =>
    intercom.faults.add({ method: 'POST', path: `/contacts/${contactId(index)}/tags`, count, effect })
  inject(11, 1, missing)
  inject(12, 9, rejection(422, 'No'))
  inject(13, 1, missing)
  warehouse.rows = [contactId(11)]
  const repaired = (await run()).run
  warehouse.rows = [contactId(11), contactId(12), contactId(13)]
  const half = (await run()).run
  for (let quiet = 0; quiet < 2; quiet += 1) await run()
  assert.deepEqual([await keptOf(repaired), await keptOf(half)], [[contactId(11)], [contactId(12), contactId(13)]])

  await pool.query(
    `update run set started_at = started_at - interval '40 days', finished_at = finished_at - interval '40 days' where id in ($1, $2)`,
    [repaired, half],
  )
  assert.equal(await pruneRuns(pool, 30, new AbortController().signal), 1)
  assert.deepEqual([await keptOf(repaired), await keptOf(half)], [[], [contactId(12)]], 'one that still stands stays')

  const {
    rows: [row],
  } = await pool.query<{ id: string }>('select id from activation where name = $1', ['pruned'])
  await forgetActivation(pool, Number(row?.id))
  assert.deepEqual(await keptOf(half), [])
})
