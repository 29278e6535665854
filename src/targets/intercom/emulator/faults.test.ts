import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contactId, type FaultRule } from './index.ts'
import { tryEmulator, type Ask } from './emulator.fixture.ts'

const attach = (ask: Ask, i: number) => ask('POST', `/contacts/${contactId(i)}/tags`, { id: '101' })
const tagging = { method: 'POST', path: '/contacts/*/tags' }

interface Case {
  readonly effect: FaultRule['effect']
  readonly status: number
  readonly body: RegExp
  readonly remaining?: string
  readonly applied: boolean
}

const answers: readonly Case[] = [
  {
    effect: { type: 'status', status: 429 },
    status: 429,
    body: /rate_limit_exceeded/,
    remaining: '1666',
    applied: false,
  },
  {
    effect: { type: 'status', status: 429, rateHeaders: 'exhausted' },
    status: 429,
    body: /rate_limit/,
    remaining: '0',
    applied: false,
  },
  {
    effect: { type: 'status', status: 503, rateHeaders: 'none' },
    status: 503,
    body: /service_unavailable/,
    applied: false,
  },
  {
    effect: { type: 'status', status: 500, applied: true },
    status: 500,
    body: /server_error/,
    remaining: '1666',
    applied: true,
  },
  { effect: { type: 'status', status: 408 }, status: 408, body: /request_timeout/, remaining: '1666', applied: false },
  {
    effect: { type: 'status', status: 200, body: { odd: 1 } },
    status: 200,
    body: /^\{"odd":1\}$/,
    remaining: '1666',
    applied: false,
  },
  { effect: { type: 'html', status: 404 }, status: 404, body: /^<html>/, applied: false },
  { effect: { type: 'html', status: 200, applied: true }, status: 200, body: /^<html>/, applied: true },
  { effect: { type: 'empty' }, status: 200, body: /^$/, applied: false },
  { effect: { type: 'malformed', applied: true }, status: 200, body: /"id":"10$/, remaining: '1666', applied: true },
  {
    effect: { type: 'omit', fields: ['applied_at', 'applied_by'] },
    status: 200,
    body: /"name":"A"\}$/,
    remaining: '1666',
    applied: true,
  },
  { effect: { type: 'slow', ms: 1 }, status: 200, body: /"applied_at"/, remaining: '1666', applied: true },
]

for (const { effect, status, body, remaining, applied } of answers) {
  test(`fault ${JSON.stringify(effect)}`, async (t) => {
    const { emulator, ask } = await tryEmulator(t, { tags: ['A'] })
    emulator.faults.add({ ...tagging, count: 1, effect })
    const reply = await attach(ask, 1)
    assert.equal(reply.status, status)
    assert.match(reply.text, body)
    assert.equal(reply.headers['x-ratelimit-remaining'], remaining)
    assert.equal(emulator.world.members('A', 'contact').length, applied ? 1 : 0)
    assert.equal((await attach(ask, 2)).status, 200, 'it befalls one call')
  })
}

for (const applied of [false, true]) {
  test(`a connection that is reset ${applied ? 'after' : 'before'} the request is carried out`, async (t) => {
    const { emulator, ask } = await tryEmulator(t, { tags: ['A'] })
    emulator.faults.add({ ...tagging, nth: 1, effect: { type: 'reset', applied } })
    await assert.rejects(attach(ask, 1))
    assert.equal(emulator.world.members('A', 'contact').length, applied ? 1 : 0)
    const [logged] = emulator.requests.latest()
    assert.deepEqual([logged?.status, logged?.fault], [0, 1])
  })
}

test('a token is revoked from the nth call on', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { tags: ['A'] })
  emulator.faults.add({ ...tagging, nth: 3, effect: { type: 'revoke' } })
  const statuses: number[] = []
  for (const i of [1, 2, 3, 4]) statuses.push((await attach(ask, i)).status)
  assert.deepEqual(statuses, [200, 200, 401, 401])
})

const patterns: readonly { when: Partial<FaultRule>; fails: string }[] = [
  { when: { nth: 2 }, fails: '.x......' },
  { when: { every: 3 }, fails: '..x..x..' },
  { when: { from: 4, count: 2 }, fails: '...xx...' },
  { when: { path: `/contacts/${contactId(5)}/**` }, fails: '....x...' },
  { when: { method: 'delete' }, fails: '........' },
]

for (const { when, fails } of patterns) {
  test(`faults befall calls by ${JSON.stringify(when)}`, async (t) => {
    const { emulator, ask } = await tryEmulator(t, { tags: ['A'] })
    emulator.faults.add({ ...tagging, ...when, effect: { type: 'status', status: 500 } })
    let seen = ''
    for (let i = 1; i <= 8; i++) seen += (await attach(ask, i)).status === 200 ? '.' : 'x'
    assert.equal(seen, fails)
  })
}

test('chance repeats itself for the same seed, and differs for another', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { tags: ['A'] })
  const run = async (seed: number): Promise<string> => {
    emulator.faults.clear()
    emulator.faults.add({ probability: 0.5, seed, effect: { type: 'status', status: 500 } })
    let seen = ''
    for (let i = 1; i <= 40; i++) seen += (await ask('GET', '/me')).status === 200 ? '.' : 'x'
    return seen
  }
  const [one, again, other] = [await run(1), await run(1), await run(2)]
  assert.equal(one, again)
  assert.notEqual(one, other)
  assert.match(one, /\..*x|x.*\./)
})

test('a bulk answer too long for Intercom is carried out and answers 504', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { bulkTimeoutOver: 2 })
  const users = [1, 2, 3].map((i) => ({ id: contactId(i) }))
  assert.equal((await ask('POST', '/tags', { name: 'A', users })).error.split(':')[0], 'server_timeout')
  assert.equal(emulator.world.members('A', 'contact').length, 3)
})
