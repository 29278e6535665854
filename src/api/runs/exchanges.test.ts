import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runActivation } from '../../engine/run.ts'
import type { Activation } from '../../engine/activation.ts'
import { quietPorts } from '../../testing/harness/intercom-activation.ts'
import { canary, tryApi } from '../api.fixture.ts'

const api = await tryApi()
await api.connect()
const unlisted = Array.from({ length: 8 }, (_, index) => `stranger-${index}`)
await api.duckdb(`insert into customers (intercom_id) values ${unlisted.map((id) => `('${id}')`).join(', ')}`)
api.intercom.world.createTag('Premium')
const config = {
  warehouse: 'shop',
  query: 'select intercom_id from customers',
  target: 'support',
  object: 'contact_tag',
  behavior: 'attach',
  tags: ['Premium'],
  delivery: 'single',
  identifier: { field: 'id', column: 'intercom_id' },
  limits: { failures: 'off' },
}
const created = await api.call('POST', '/api/activations', { name: 'premium', config, run: false })
assert.equal(created.status, 201, created.text)
const { pool } = api.services.database
const run = async (change: Partial<Activation> = {}): Promise<number> =>
  (await runActivation({ ...(await api.services.project.activation('premium')), ...change }, quietPorts(pool), {})).run
const exchangesOf = (id: number, record: string) =>
  api.call('GET', `/api/runs/${id}/exchanges?record=${encodeURIComponent(record)}`)
const groups = async () =>
  (await api.call('GET', '/api/activations/premium/failures')).body.groups as {
    class: string
    code: string
    count: number
    sample: { record: string; run: number; requestId: string }[]
  }[]

test('what was asked and answered for a failed Record is told, without our token; of most Records none is kept', async () => {
  api.intercom.faults.add({
    method: 'POST',
    path: '/contacts/*/tags',
    effect: {
      type: 'status',
      status: 404,
      body: {
        type: 'error.list',
        errors: [{ code: 'not_found', message: 'User Not Found' }],
        echo: `Bearer ${canary}`,
      },
    },
  })
  const id = await run()
  const { status, body } = await exchangesOf(id, 'stranger-0')
  assert.equal(status, 200)
  const [kept] = body.items
  assert.deepEqual(
    [
      body.items.length,
      body.keptOfReason,
      kept.method,
      kept.path,
      kept.httpStatus,
      kept.status,
      kept.code,
      kept.trouble,
    ],
    [1, 5, 'POST', '/contacts/stranger-0/tags', 404, 'rejected', 'not-found', null],
  )
  assert.deepEqual(
    [JSON.parse(kept.answer.text).echo, kept.answer.cut, kept.answer.size],
    ['Bearer [redacted]', false, kept.answer.text.length],
  )
  assert.deepEqual((await exchangesOf(id, 'stranger-7')).body, { items: [], keptOfReason: 5 })
  assert.equal((await exchangesOf(999, 'stranger-0')).status, 404)
})

test('the Records that stand as examples of a reason are those of which it is kept', async () => {
  await pool.query(`delete from exchange where key in ('stranger-0', 'stranger-2')`)
  const [group] = await groups()
  assert.deepEqual([group?.class, group?.count], ['rejected', 8])
  assert.deepEqual(
    group?.sample.map(({ record }) => record),
    ['stranger-1', 'stranger-3', 'stranger-4', 'stranger-0', 'stranger-2'],
  )
  const [first] = group?.sample ?? []
  const { body } = await exchangesOf(first?.run ?? 0, first?.record ?? '')
  assert.equal(body.items[0].requestId, first?.requestId)
})

test('so it is with those on hold: what the rate limit kept from being done', async () => {
  api.intercom.faults.clear()
  api.intercom.faults.add({ method: 'POST', path: '/contacts/*/tags', effect: { type: 'status', status: 429 } })
  const id = await run({ timeLimitMs: 1200 })
  const held = (await groups()).find(({ code }) => code === 'rate-limited')
  assert.equal(held?.count, 8)
  await pool.query(`delete from exchange where run_id = $1 and key = 'stranger-0'`, [id])
  const sample = (await groups()).find(({ code }) => code === 'rate-limited')?.sample.map(({ record }) => record)
  assert.deepEqual(sample, ['stranger-1', 'stranger-2', 'stranger-3', 'stranger-4', 'stranger-0'])
  const {
    body: {
      items: [kept],
    },
  } = await exchangesOf(id, 'stranger-1')
  assert.deepEqual([kept.httpStatus, kept.status], [429, 'on-hold'])
  assert.match(kept.trouble, /answered 429/)
})
