import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request } from 'undici'
import { admins, contactId, ticketId } from './index.ts'
import { tryEmulator, type Loose } from './emulator.fixture.ts'

const tagPath = `/contacts/${contactId(1)}/tags`
const rateHeaders = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'] as const

test('a window carries exactly its limit, refused requests count, and the next window begins afresh', async (t) => {
  let now = 1_800_000_003_000
  const { emulator, ask } = await tryEmulator(t, { limit: 3, now: () => now })
  const shown: unknown[] = []
  for (const path of ['/me', '/nowhere', '/tags', '/me']) {
    const { status, headers } = await ask('GET', path)
    shown.push([status, ...rateHeaders.map((name) => headers[name])])
  }
  assert.deepEqual(shown, [
    [200, '3', '2', '1800000010'],
    [404, '3', '1', '1800000010'],
    [200, '3', '0', '1800000010'],
    [429, '3', '0', '1800000010'],
  ])
  const rejected = await ask('GET', '/me')
  assert.equal(rejected.error, 'rate_limit_exceeded: Exceeded rate limit of 3 in 10_seconds')
  assert.equal(rejected.headers['retry-after'], undefined)
  now = 1_800_000_010_000
  assert.equal((await ask('GET', '/me')).headers['x-ratelimit-remaining'], '2')
  assert.deepEqual(emulator.requests.windows(), [
    { start: 1_800_000_000, requests: 5, rejected: 2 },
    { start: 1_800_000_010, requests: 1, rejected: 0 },
  ])
  assert.equal(emulator.requests.counters().rateLimited, 2)
})

test('the workspace limit is shared by all apps and refuses while the headers of an app show room', async (t) => {
  const { ask } = await tryEmulator(t, {
    workspaceLimit: 2,
    now: () => 0,
    tokens: { one: { scopes: 'all', app: 'one' }, two: { scopes: 'all', app: 'two' } },
  })
  const two = { authorization: 'Bearer two' }
  assert.equal((await ask('GET', '/me')).status, 200)
  assert.equal((await ask('GET', '/me', undefined, two)).status, 200)
  const { status, headers } = await ask('GET', '/me', undefined, two)
  assert.deepEqual([status, headers['x-ratelimit-remaining']], [429, '1665'])
})

test('without good credentials: 401 and no rate headers', async (t) => {
  const { emulator, ask } = await tryEmulator(t)
  const noToken = await request(`${emulator.url}/me`)
  assert.deepEqual([noToken.statusCode, ((await noToken.body.json()) as Loose).errors[0].code], [401, 'unauthorized'])
  for (const name of rateHeaders) assert.equal(noToken.headers[name], undefined)
  assert.equal((await ask('GET', '/me', undefined, { authorization: 'Bearer other' })).status, 401)
  emulator.revokeToken()
  assert.equal((await ask('GET', '/me')).error, 'unauthorized: Access Token Invalid')
  emulator.restoreToken()
  assert.equal((await ask('GET', '/me')).status, 200)
})

test('each endpoint names the scope it misses; /me needs none', async (t) => {
  const { emulator, ask } = await tryEmulator(t, {
    tokens: { poor: { scopes: ['read_tags'], adminId: admins[1]!.id } },
    tags: ['A'],
  })
  assert.equal((await ask('GET', '/me')).json.id, admins[1]!.id)
  assert.equal((await ask('GET', '/tags')).status, 200)
  const missing = [
    ['POST', '/tags', 'write_tags'],
    ['GET', '/admins', 'read_admins'],
    ['GET', `/contacts/${contactId(1)}`, 'read_users_companies'],
    ['POST', '/conversations/search', 'read_conversations'],
  ]
  for (const [method, path, scope] of missing) {
    const { status, error } = await ask(method!, path!, method === 'POST' ? {} : undefined)
    assert.deepEqual(
      [status, error],
      [403, `forbidden: You do not have the required scope (${scope}) to access this resource`],
    )
  }
  emulator.setScopes(['write_tags'])
  const conversation = await ask('POST', '/conversations/1/tags', { id: 101, admin_id: admins[0]!.id })
  assert.match(conversation.error, /write_conversations/, 'tagging a conversation needs both')
  emulator.restrictPlan(true)
  assert.match((await ask('POST', tagPath, { id: 101 })).error, /^api_plan_restricted/)
})

test('media types, malformed JSON and unknown paths are refused as Intercom does', async (t) => {
  const { emulator, ask } = await tryEmulator(t)
  assert.equal((await ask('GET', '/me', undefined, { accept: 'text/html' })).status, 406)
  assert.equal((await ask('GET', '/me', undefined, { accept: '*/*' })).status, 200)
  assert.equal((await ask('POST', '/tags', '{"name":"A"}', { 'content-type': 'text/plain' })).status, 415)
  assert.match((await ask('POST', '/tags', '{"name":')).error, /^parameter_invalid/)
  assert.equal((await ask('POST', '/tags', { name: ' ' })).error, 'parameter_invalid: invalid tag parameters')
  const unknown = await ask('PATCH', '/tags')
  assert.deepEqual([unknown.status, unknown.error], [404, 'not_found: Resource Not Found'])
  assert.equal(unknown.json.request_id, unknown.headers['x-request-id'])
  emulator.reset({ unknownPath: 'html' })
  assert.match((await ask('GET', '/nowhere')).text, /^<html>/)
})

test('what a tag, an admin or a conversation misses is said in Intercom’s words', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { tags: ['A'], tickets: 1 })
  const admin_id = Number(admins[0]!.id)
  const expected: readonly [method: string, path: string, body: unknown, error: string][] = [
    ['POST', '/conversations/9999/tags', { id: 101, admin_id }, 'not_found: Conversation not found'],
    ['POST', '/conversations/1/tags', { id: 101 }, 'parameter_not_found: admin_id is a required parameter'],
    ['POST', '/conversations/1/tags', { id: 101, admin_id: 5 }, 'admin_not_found: Admin not found'],
    ['DELETE', '/conversations/1/tags/999', { admin_id }, 'tag_not_found: Tag not found'],
    ['DELETE', '/conversations/1/tags/101', undefined, 'parameter_not_found: admin_id is a required parameter'],
    ['POST', '/tickets/1/tags', { id: 101, admin_id }, 'ticket_not_found: Ticket not found'],
    ['DELETE', '/tags/999', undefined, 'not_found: Resource Not Found'],
    ['GET', '/companies/6762f0a61bb69f0000009999', undefined, 'company_not_found: Company Not Found'],
    ['GET', '/companies?company_id=nobody', undefined, 'company_not_found: Company Not Found'],
    ['GET', '/conversations/9999', undefined, 'not_found: Resource Not Found'],
    ['GET', '/admins/5', undefined, 'admin_not_found: Admin not found'],
  ]
  for (const [method, path, body, error] of expected)
    assert.equal((await ask(method, path, body)).error, error, `${method} ${path}`)
  assert.equal((await ask('POST', `/tickets/${ticketId(1)}/tags`, { id: 101, admin_id })).status, 200)
  emulator.world.addSegment('Seg 1', 'A')
  const held = await ask('DELETE', '/tags/101')
  assert.equal(held.error, 'tag_has_dependent_objects: Unable to delete Tag with dependent objects. Segments: Seg 1.')
})

test('lists and searches see a change only after the index’s lag; reads by id see it at once', async (t) => {
  let now = 1_800_000_000_000
  const { emulator, ask } = await tryEmulator(t, {
    indexLagMs: 60_000,
    now: () => now,
    tagged: [{ tag: 'A', contacts: [2] }],
  })
  const query = { query: { field: 'tag_id', operator: '=', value: '101' } }
  const members = async () =>
    (await ask('POST', '/contacts/search', query)).json.data.map(({ id }: { id: string }) => id)
  await ask('POST', tagPath, { id: 101 })
  emulator.world.archiveContact(2)
  assert.equal((await ask('GET', `/contacts/${contactId(1)}`)).json.tags.total_count, 1)
  assert.equal((await ask('GET', `/contacts/${contactId(2)}`)).status, 404)
  now += 59_000
  assert.deepEqual(await members(), [contactId(2)])
  assert.equal((await ask('GET', '/contacts?per_page=1')).json.data[0].tags.total_count, 0)
  now += 1000
  assert.deepEqual(await members(), [contactId(1)])
  await ask('DELETE', `${tagPath}/101`)
  assert.deepEqual(await members(), [contactId(1)])
  emulator.world.catchUp()
  assert.deepEqual(await members(), [])
})
