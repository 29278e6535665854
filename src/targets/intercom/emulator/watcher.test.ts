import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tryEmulator } from './emulator.fixture.ts'
import { contactId, companyIntercomId, type WorldChange } from './index.ts'

const minute = 60_000

test('a watcher is told of each request before it is carried out, and of each change, by whom and whether it changed anything', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { contacts: 2, companies: 2, tags: ['A'] })
  const { world } = emulator
  const reported: string[] = []
  const words = ({ what, targetRecord, group, changed, requestId }: WorldChange) =>
    `${requestId === undefined ? 'hand' : 'call'} ${what} ${targetRecord} ${group ?? ''} ${changed}`
  const watch = () =>
    emulator.watch({
      request: ({ method, path }) => {
        reported.push(`${method} ${path}`)
        if (path.endsWith('/tags')) world.attach('contact', 1, 'A')
      },
      change: (change) => reported.push(words(change)),
    })
  watch()
  await ask('POST', `/contacts/${contactId(1)}/tags`, { id: 101 })
  assert.deepEqual(reported.splice(0), [
    `POST /contacts/${contactId(1)}/tags`,
    `hand attach ${contactId(1)} A true`,
    `call attach ${contactId(1)} A false`,
  ])
  emulator.reset()
  world.join(2, companyIntercomId(1))
  world.leave(2, companyIntercomId(1))
  world.changeContact(2, { name: 'Ann' })
  assert.deepEqual(reported.splice(0), [
    `hand join ${contactId(2)} ${companyIntercomId(1)} true`,
    `hand leave ${contactId(2)} ${companyIntercomId(1)} true`,
    `hand write-contact ${contactId(2)}  true`,
  ])
  emulator.watch({})
  world.attach('contact', 1, 'A')
  assert.deepEqual(reported, [])
})

test('time passes: a tag is older by so much, and the index has caught up by so much', async (t) => {
  const { emulator, ask } = await tryEmulator(t, { contacts: 2, tags: ['A'], indexLagMs: 5 * minute })
  const { world } = emulator
  const appliedAt = async (): Promise<number> =>
    (await ask('GET', `/contacts/${contactId(1)}/tags`)).json.data[0].applied_at
  const found = async (): Promise<number> =>
    (await ask('POST', '/contacts/search', { query: { field: 'tag_id', operator: '=', value: '101' } })).json
      .total_count
  world.attach('contact', 1, 'A')
  const before = await appliedAt()
  for (const [minutes, shown] of [
    [4, 0],
    [2, 1],
  ] as const) {
    world.letTimePass(minutes * minute)
    assert.equal(await found(), shown)
  }
  assert.equal(await appliedAt(), before - 360)
  world.attach('contact', 2, 'A')
  assert.equal(await found(), 1)
  assert.equal((await ask('POST', '/_emulator/do', { do: 'let-time-pass', seconds: 300 })).status, 200)
  assert.equal(await found(), 2)
})
