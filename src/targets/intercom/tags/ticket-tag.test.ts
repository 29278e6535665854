import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admins, companyId, ticketId } from '../emulator/index.ts'
import { bench } from '../bench.fixture.ts'

const setup = { object: 'ticket_tag', emulator: { tickets: 3 } } as const

test("a ticket's tags are read from the conversation beneath it, with their time and hand", () =>
  bench({ ...setup, emulator: { tickets: 3, now: () => 1_800_000_000_500 } }, async (b) => {
    b.emulator.world.attach('ticket', 1, 'Premium', { adminId: admins[1]?.id ?? '' })
    const resolved = await b.resolve(['Premium'])
    const seen = await b.observe(resolved, [b.harness.existing(1), b.harness.unknown(1)])
    assert.deepEqual(
      seen.map(({ groups }) => groups),
      [[{ id: resolved.groups[0]?.id, appliedAt: 1_800_000_000, appliedBy: admins[1]?.id }], null],
    )
  }))

test('where a ticket has no conversation of its id, nothing is said of its tags', () =>
  bench(setup, async (b) => {
    b.emulator.faults.add({ path: '/conversations/*', effect: { type: 'status', status: 404 } })
    const resolved = await b.resolve(['Premium'])
    const seen = await b.observe(resolved, [b.harness.existing(1), b.harness.unknown(1)])
    assert.deepEqual(
      seen.map(({ identity, groups }) => [identity.value, groups]),
      [[b.harness.unknown(1).value, null]],
    )
  }))

test('the number that the Inbox shows, and a conversation, are no tickets', () =>
  bench(setup, async (b) => {
    const { outcomes } = await b.deliver(await b.resolve(['Premium']), 'attach', [
      { field: 'id', value: '1' },
      { field: 'id', value: companyId(1) },
    ])
    for (const outcome of outcomes.values())
      assert.ok(outcome.status === 'rejected' && outcome.code === 'not-found', JSON.stringify(outcome))
    assert.deepEqual(b.emulator.world.members('Premium', 'ticket'), [])
    assert.match(JSON.stringify(outcomes.get('1')), /no ticket with id/)
    assert.notEqual(ticketId(1), '1')
  }))

test('a token that may not read conversations is told so, not that the ticket is gone', () =>
  bench(setup, async (b) => {
    const resolved = await b.resolve(['Premium'])
    b.emulator.setScopes(['read_tags', 'write_tags', 'read_tickets', 'write_tickets', 'read_admins'])
    assert.equal((await b.fault(() => b.observe(resolved, [b.harness.existing(1)]))).code, 'missing-scope')
  }))
