import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admins } from '../emulator/index.ts'
import { bench, type Bench, type Setup } from '../bench.fixture.ts'

const another = admins[1]?.id ?? ''

/**
 * Tags some records through the connector. Another admin had tagged record 2, then detaches our tag from record 1 and
 * attaches it again. Returns `byAnother` of records 1, 2 and 3.
 */
async function tagAndLook(
  b: Bench,
  kind: 'contact' | 'conversation',
  tagged: readonly number[],
): Promise<(true | undefined)[]> {
  const targetRecords = [1, 2, 3].map((i) => b.harness.existing(i))
  b.emulator.world.attach(kind, b.harness.existing(2).value, 'Premium', { adminId: another })
  await b.deliver(
    await b.resolve(['Premium']),
    'attach',
    tagged.map((i) => b.harness.existing(i)),
  )
  b.emulator.world.detach(kind, b.harness.existing(1).value, 'Premium')
  b.emulator.world.attach(kind, b.harness.existing(1).value, 'Premium', { adminId: another })
  // Another Run, which knows only what is in the memory.
  const seen = await b.observe(await b.resolve(['Premium']), targetRecords)
  return targetRecords.map(({ value }) => seen.find(({ identity }) => identity.value === value)?.groups?.[0]?.byAnother)
}

const cases: readonly (readonly [string, 'contact' | 'conversation', Setup])[] = [
  ['contacts together', 'contact', {}],
  ['contacts one by one', 'contact', { settings: { delivery: 'single' } }],
  ['conversations', 'conversation', { object: 'conversation_tag' }],
]

for (const [title, kind, setup] of cases) {
  test(`${title}: what another hand put on is told from ours, from the same second`, () =>
    bench(setup, async (b) => {
      assert.deepEqual(await tagAndLook(b, kind, [3, 1]), [true, true, undefined])
    }))
}

test('a tag that stood before us teaches nothing: as long as our hand is not known, nobody is another', () => {
  let now = 1_800_000_000_000
  return bench({ settings: { delivery: 'single' }, emulator: { now: () => now } }, async (b) => {
    b.emulator.world.attach('contact', b.harness.existing(1).value, 'Premium', { adminId: another })
    now += 3_600_000
    const resolved = await b.resolve(['Premium'])
    await b.deliver(resolved, 'attach', [b.harness.existing(1)])
    const [seen] = await b.observe(resolved, [b.harness.existing(1)])
    assert.deepEqual([seen?.groups?.[0]?.appliedBy, seen?.groups?.[0]?.byAnother], [another, undefined])
  })
})
