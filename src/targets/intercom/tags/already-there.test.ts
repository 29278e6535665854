import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Outcome } from '../../../connect/index.ts'
import { admins, contactId } from '../../../emulators/intercom/index.ts'
import { bench } from '../bench.fixture.ts'

/** An adjustable clock for the emulator. */
function clock() {
  let shiftMs = -60_000
  return { now: () => Date.now() + shiftMs, toPresent: () => { shiftMs = 0 } }
}

const verdict = (outcome: Outcome | undefined) => [outcome?.status, outcome?.changed]

for (const object of ['contact_tag', 'conversation_tag'] as const) {
  test(`${object}: what was on before this run began is already in place; what this run put on is delivered`, () => {
    const { now, toPresent } = clock()
    return bench({ object, settings: { delivery: 'single' }, emulator: { now } }, async (b) => {
      const [before, fresh] = [b.harness.existing(1), b.harness.existing(2)]
      b.harness.put(before, 'Premium')
      toPresent()
      const resolved = await b.resolve(['Premium'])
      const { outcomes } = await b.deliver(resolved, 'attach', [before, fresh])
      assert.deepEqual(verdict(outcomes.get(before.value)), ['in-place', []])
      assert.deepEqual(verdict(outcomes.get(fresh.value)), ['delivered', undefined])
      // Repeated within the run, the tag may come from our first call: no proof.
      const again = await b.deliver(resolved, 'attach', [before, fresh])
      assert.deepEqual([before, fresh].map(({ value }) => again.outcomes.get(value)?.status), ['in-place', 'delivered'])
    })
  })
}

test('a write whose answer was lost, and that was repeated, counts as delivered', () => bench({ settings: { delivery: 'single' } }, async (b) => {
  const resolved = await b.resolve(['Premium'])
  b.emulator.faults.add({ method: 'POST', path: '/contacts/*/tags', nth: 1, effect: { type: 'reset', applied: true } })
  const { outcomes } = await b.deliver(resolved, 'attach', [b.harness.existing(1)])
  assert.deepEqual(verdict(outcomes.get(b.harness.existing(1).value)), ['delivered', undefined])
}))

test('a conversation tagged in another name than ours was tagged by another', () => bench({ object: 'conversation_tag' }, async (b) => {
  const resolved = await b.resolve(['Premium'])
  b.emulator.world.attach('conversation', '1', 'Premium', { adminId: admins[1]?.id ?? '' })
  assert.deepEqual(verdict((await b.deliver(resolved, 'attach', [b.harness.existing(1)])).outcomes.get('1')), ['in-place', []])
}))

test('of several tags, an outcome names those that really came off', () => bench({}, async (b) => {
  const resolved = await b.resolve(['Premium', 'Region-EU'])
  const [premium = '', region = ''] = resolved.groups.map(({ id }) => id ?? '')
  const [none, one, both] = [1, 2, 3].map((i) => b.harness.existing(i))
  assert.ok(none !== undefined && one !== undefined && both !== undefined)
  b.harness.put(one, 'Region-EU')
  for (const name of ['Premium', 'Region-EU']) b.harness.put(both, name)
  const { outcomes } = await b.deliver(resolved, 'detach', [none, one, both])
  assert.deepEqual([none, one, both].map(({ value }) => verdict(outcomes.get(value))), [['in-place', []], ['delivered', [region]], ['delivered', undefined]])
  // Also when the other tag was rejected.
  b.harness.put(one, 'Premium')
  b.emulator.faults.add({ method: 'DELETE', path: `/contacts/*/tags/${region}`, effect: { type: 'status', status: 422 } })
  assert.deepEqual(verdict((await b.deliver(resolved, 'detach', [one])).outcomes.get(one.value)), ['rejected', [premium]])
}))

test('tags are observed with their time and hand, where Intercom tells', async () => {
  const by = admins[1]?.id ?? ''
  for (const [object, kind] of [['contact_tag', 'contact'], ['conversation_tag', 'conversation'], ['company_tag', 'company']] as const) {
    await bench({ object, emulator: { now: () => 1_800_000_000_500 } }, async (b) => {
      b.emulator.world.attach(kind, b.harness.existing(1).value, 'Premium', { adminId: by })
      const resolved = await b.resolve(['Premium'])
      const id = resolved.groups[0]?.id
      const [seen] = await b.observe(resolved, [b.harness.existing(1)])
      assert.deepEqual(seen?.groups, [kind === 'company' ? { id } : { id, appliedAt: 1_800_000_000, appliedBy: by }])
    })
  }
})

test('a search tells which tags, a direct read of more than ten also since when', () => bench({ emulator: { now: () => 1_800_000_000_500 } }, async (b) => {
  for (let i = 1; i <= 11; i += 1) b.emulator.world.attach('contact', contactId(1), `T${i}`)
  const resolved = await b.resolve(['T1'])
  const before = b.emulator.requests.counters().reads
  const seen = []
  for await (const each of b.listing.of?.(b.io, resolved.ready, [1, 2, 3].map((i) => b.harness.existing(i))) ?? []) seen.push(each)
  assert.equal(b.emulator.requests.counters().reads - before, 2)
  const crowded = seen.find(({ identity }) => identity.value === contactId(1))
  assert.ok(crowded?.groups?.length === 11 && crowded.groups.every(({ appliedAt }) => appliedAt === 1_800_000_000))
}))
