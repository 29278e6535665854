import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runActivation } from '../../engine/run.ts'
import { quietPorts } from '../../testing/harness/intercom-activation.ts'
import { tryApi } from '../api.fixture.ts'

const api = await tryApi()
await api.connect()
await api.duckdb(
  `insert into customers select '${'0'.repeat(23)}' || i, 'c' || i || '@example.com', 'premium', i from range(3) t (i)`,
)
api.intercom.world.createTag('Premium')

const config = {
  warehouse: 'shop',
  query: 'select intercom_id from customers',
  target: 'support',
  object: 'contact_tag',
  behavior: 'attach',
  tags: ['Premium'],
  identifier: { field: 'id', column: 'intercom_id' },
  schedule: 'every 1h',
}
const create = (name: string, changes: object = {}, run = false) =>
  api.call('POST', '/api/activations', { name, config: { ...config, ...changes }, run })
const put = (name: string, changes: object, etag: string) =>
  api.call('PUT', `/api/activations/${name}`, { config: { ...config, ...changes } }, { 'if-match': etag })

test('an Activation is created, begins its first Run, and is shown in words', async () => {
  const { status, body } = await create('premium', {}, true)
  assert.equal(status, 201, JSON.stringify(body))
  assert.deepEqual(
    [body.objectLabel, body.behaviorLabel, body.schedule, body.state, body.problem],
    ['Contact tag', 'Attach Tag to Records', 'every 1h', 'never run', null],
  )
  assert.deepEqual([body.config, body.frozen, body.groups], [config, {}, [{ name: 'Premium', id: null }]])
  assert.ok(api.started.includes('premium') && api.changed.includes('premium'))
})

test('every mistake of a draft is told at its place, in the words of the file', async () => {
  const { status, body } = await create('wrong', {
    object: 'contact_tagg',
    limits: { adds: 'many' },
    identifier: { field: 'id' },
  })
  assert.equal(status, 422)
  assert.deepEqual(
    body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ['/config/identifier/column', '/config/object', '/config/limits/adds'],
  )
  assert.match(body.errors[1].detail, /did you mean "contact_tag"/)
})

test('after a Run, what its memory is about may no longer change; the query may', async () => {
  const { project, database } = api.services
  const report = await runActivation(await project.activation('premium'), quietPorts(database.pool), {})
  assert.equal(report.counts.read, 3)
  // The Run used the real clock, so use it here as well.
  api.now = Date.now()
  const { body } = await api.call('GET', '/api/activations/premium')
  assert.deepEqual(Object.keys(body.frozen).toSorted(), ['behavior', 'identifier', 'object', 'tags', 'target'])
  assert.equal(body.lastRun.run, report.run)
  assert.deepEqual([body.history.length, body.standing.notLoaded], [1, report.counts.rejected])
  assert.equal(body.nextRunAt, new Date(Date.parse(body.lastRun.startedAt) + 3_600_000).toISOString())
  const rejected = await put('premium', { tags: ['Other'], query: 'select 1 as intercom_id' }, body.etag)
  assert.equal(rejected.status, 409)
  assert.deepEqual(
    rejected.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]),
    [['/config/tags', 'activation-frozen']],
  )
  assert.match(
    rejected.body.errors[0].detail,
    /^cannot change after the first Run\. Its state belongs to "Premium"\. To change it, clone the Activation/,
  )
  const changed = await put('premium', { query: `select intercom_id from customers where plan = 'premium'` }, body.etag)
  assert.equal(changed.status, 200, changed.text)
})

test('what is paused is not due', async () => {
  assert.deepEqual(
    await api.call('POST', '/api/activations/premium/pause').then(({ body }) => [body.state, body.nextRunAt]),
    ['paused', null],
  )
  assert.notEqual((await api.call('POST', '/api/activations/premium/resume')).body.nextRunAt, null)
})

test('a Connection that breaks breaks its Activations alone, and says so there', async () => {
  assert.equal(
    (
      await api.call('POST', '/api/targets', {
        name: 'second',
        type: 'intercom',
        config: { token: '${SECOND_TOKEN:-of-nobody}' },
        untested: true,
      })
    ).status,
    201,
  )
  assert.equal((await create('on-second', { target: 'second' })).status, 201)
  await api.services.database.pool.query(
    `update project_entry set body = '{"type":"intercom","token":"\${GONE}"}', revision = nextval('project_revision') where name = 'second'`,
  )
  const {
    body: { items },
  } = await api.call('GET', '/api/activations')
  assert.deepEqual(
    items.map(({ name, problem }: { name: string; problem: { code: string } | null }) => [name, problem?.code]),
    [
      ['on-second', 'connection-broken'],
      ['premium', undefined],
    ],
  )
  assert.match(items[0].problem.message, /GONE is not set/)
  assert.deepEqual(
    (await api.call('GET', '/api/activations?state=needs%20attention')).body.items.map(
      ({ name }: { name: string }) => name,
    ),
    ['on-second', 'premium'],
  )
  const first = (await api.call('GET', '/api/activations?state=needs%20attention&limit=1')).body
  const second = (await api.call('GET', `/api/activations?state=needs%20attention&limit=1&cursor=${first.next}`)).body
  assert.deepEqual(
    [first.items, second.items].flat().map(({ name }: { name: string }) => name),
    ['on-second', 'premium'],
  )
  assert.equal(second.next, null)
  const used = await api.call('GET', '/api/targets/second')
  assert.deepEqual(used.body.usedBy, ['on-second'])
  assert.equal(
    (await api.call('DELETE', '/api/targets/second', undefined, { 'if-match': used.body.etag })).body.code,
    'connection-in-use',
  )
})

test('deleted, its memory goes with it', async () => {
  const {
    body: { etag },
  } = await api.call('GET', '/api/activations/premium')
  assert.equal((await api.call('DELETE', '/api/activations/premium', undefined, { 'if-match': etag })).status, 200)
  assert.equal((await api.call('GET', '/api/activations/premium')).status, 404)
  const { rows } = await api.services.database.pool.query<{ left: number }>(
    'select (select count(*) from run) + (select count(*) from ledger) + (select count(*) from snapshot) as left',
  )
  assert.equal(Number(rows[0]?.left), 0)
})
