import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Identity, Outcome } from '../../../connect/index.ts'
import { admins, contactId } from '../emulator/index.ts'
import { bench } from '../bench.fixture.ts'

/** An adjustable clock for the emulator. */
function clock() {
  let shiftMs = -60_000
  return {
    now: () => Date.now() + shiftMs,
    toPresent: () => {
      shiftMs = 0
    },
  }
}

/** The status, and an effect that the answer reports: without one, a delivered link was made or removed by the call. */
const verdict = (outcome: Outcome | undefined) => [outcome?.status, outcome?.effect]

for (const object of ['contact_tag', 'conversation_tag'] as const) {
  test(`${object}: a tag attached before this Run began is in place; one attached by this Run is delivered`, () => {
    const { now, toPresent } = clock()
    return bench({ object, settings: { delivery: 'single' }, emulator: { now } }, async (b) => {
      const [before, fresh] = [b.harness.existing(1), b.harness.existing(2)]
      b.harness.put(before, 'Premium')
      toPresent()
      const resolved = await b.resolve(['Premium'])
      const { outcomes } = await b.deliver(resolved, 'attach', [before, fresh])
      assert.deepEqual(verdict(outcomes.get(before.value)), ['in-place', undefined])
      assert.deepEqual(verdict(outcomes.get(fresh.value)), ['delivered', undefined])
      // Repeated within the run, the tag may come from our first call: no proof.
      const again = await b.deliver(resolved, 'attach', [before, fresh])
      assert.deepEqual(
        [before, fresh].map(({ value }) => again.outcomes.get(value)?.status),
        ['in-place', 'delivered'],
      )
    })
  })
}

test('a write whose answer was lost, and that was repeated, counts as delivered', () =>
  bench({ settings: { delivery: 'single' } }, async (b) => {
    const resolved = await b.resolve(['Premium'])
    b.emulator.faults.add({
      method: 'POST',
      path: '/contacts/*/tags',
      nth: 1,
      effect: { type: 'reset', applied: true },
    })
    const { outcomes } = await b.deliver(resolved, 'attach', [b.harness.existing(1)])
    assert.deepEqual(verdict(outcomes.get(b.harness.existing(1).value)), ['delivered', undefined])
  }))

test('a conversation tagged by another admin than ours is in place', () =>
  bench({ object: 'conversation_tag' }, async (b) => {
    const resolved = await b.resolve(['Premium'])
    b.emulator.world.attach('conversation', '1', 'Premium', { adminId: admins[1]?.id ?? '' })
    assert.deepEqual(verdict((await b.deliver(resolved, 'attach', [b.harness.existing(1)])).outcomes.get('1')), [
      'in-place',
      undefined,
    ])
  }))

test('of several tags of a contact, each has its own outcome: the tag was removed, was off, or was rejected', () =>
  bench({}, async (b) => {
    const resolved = await b.resolve(['Premium', 'Region-EU'])
    const [premium = '', region = ''] = resolved.groups.map(({ id }) => id ?? '')
    const detach = async (group: string, identities: readonly Identity[]) => {
      const outcomes = await b.object.deliver(
        b.io,
        resolved.ready,
        identities.map((identity) => ({ key: identity.value, kind: 'detach', identity, group })),
      )
      return identities.map(({ value }) => verdict(outcomes.get(value)))
    }
    const [none, one, both] = [1, 2, 3].map((i) => b.harness.existing(i))
    assert.ok(none !== undefined && one !== undefined && both !== undefined)
    b.harness.put(one, 'Region-EU')
    for (const name of ['Premium', 'Region-EU']) b.harness.put(both, name)
    assert.deepEqual(await detach(premium, [none, one, both]), [
      ['in-place', undefined],
      ['in-place', undefined],
      ['delivered', undefined],
    ])
    assert.deepEqual(await detach(region, [none, one, both]), [
      ['in-place', undefined],
      ['delivered', undefined],
      ['delivered', undefined],
    ])
    for (const name of ['Premium', 'Region-EU']) b.harness.put(one, name)
    b.emulator.faults.add({
      method: 'DELETE',
      path: `/contacts/*/tags/${region}`,
      effect: { type: 'status', status: 422 },
    })
    assert.deepEqual(
      [...(await detach(region, [one])), ...(await detach(premium, [one]))],
      [
        ['rejected', undefined],
        ['delivered', undefined],
      ],
    )
    assert.deepEqual(b.harness.holds(one), ['Region-EU'])
  }))

test('tags are observed with their time and hand, where Intercom tells', async () => {
  const by = admins[1]?.id ?? ''
  for (const [object, kind] of [
    ['contact_tag', 'contact'],
    ['conversation_tag', 'conversation'],
    ['company_tag', 'company'],
  ] as const) {
    await bench({ object, emulator: { now: () => 1_800_000_000_500 } }, async (b) => {
      b.emulator.world.attach(kind, b.harness.existing(1).value, 'Premium', { adminId: by })
      const resolved = await b.resolve(['Premium'])
      const id = resolved.groups[0]?.id
      const [seen] = await b.observe(resolved, [b.harness.existing(1)])
      assert.deepEqual(seen?.groups, [kind === 'company' ? { id } : { id, appliedAt: 1_800_000_000, appliedBy: by }])
    })
  }
})

test('a search tells which tags, a direct read of more than ten also since when', () =>
  bench({ emulator: { now: () => 1_800_000_000_500 } }, async (b) => {
    for (let i = 1; i <= 11; i += 1) b.emulator.world.attach('contact', contactId(1), `T${i}`)
    const resolved = await b.resolve(['T1'])
    const before = b.emulator.requests.counters().reads
    const seen = []
    for await (const each of b.listing.of?.(
      b.io,
      resolved.ready,
      [1, 2, 3].map((i) => b.harness.existing(i)),
    ) ?? [])
      seen.push(each)
    assert.equal(b.emulator.requests.counters().reads - before, 2)
    const crowded = seen.find(({ identity }) => identity.value === contactId(1))
    assert.ok(crowded?.groups?.length === 11 && crowded.groups.every(({ appliedAt }) => appliedAt === 1_800_000_000))
  }))
