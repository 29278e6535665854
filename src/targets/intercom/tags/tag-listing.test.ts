import assert from 'node:assert/strict'
import { test } from 'node:test'
import { companyIntercomId } from '../emulator/index.ts'
import { range } from '../../../testing/target-kit/outcome-honesty.ts'
import { bench, type Bench } from '../bench.fixture.ts'

/** The gathered items, and the number of reads that gathering took. */
async function gather<Item>(
  b: Bench,
  items: AsyncIterable<Item>,
): Promise<{ readonly items: readonly Item[]; readonly reads: number }> {
  const before = b.emulator.requests.counters().reads
  const gathered: Item[] = []
  for await (const item of items) gathered.push(item)
  return { items: gathered, reads: b.emulator.requests.counters().reads - before }
}

test('1,000 contacts take 7 searches, by tag or by id; a write takes none', () =>
  bench({ emulator: { contacts: 1000 } }, async (b) => {
    const targetRecords = range(1000, (i) => b.harness.existing(i))
    for (const targetRecord of targetRecords) b.harness.put(targetRecord, 'Premium')
    b.writes()
    const { ready, groups } = await b.resolve(['Premium'])
    const held = await gather(b, b.listing.holders(b.io, ready, groups[0]?.id ?? '', 'id'))
    assert.deepEqual([held.reads, held.items.flat().length], [7, 1000])
    const seen = await gather(b, b.listing.of?.(b.io, ready, targetRecords) ?? assert.fail())
    assert.deepEqual([seen.reads, seen.items.length], [7, 1000])
    assert.equal(b.writes(), 0)
  }))

test('a search that refuses one group says nothing about it, and goes on', () =>
  bench({ object: 'conversation_tag' }, async (b) => {
    b.emulator.faults.add({
      method: 'POST',
      path: '/conversations/search',
      nth: 1,
      effect: { type: 'status', status: 400 },
    })
    const { ready } = await b.resolve(['Premium'])
    const seen = await gather(
      b,
      b.listing.of?.(
        b.io,
        ready,
        range(60, (i) => b.harness.existing(i)),
      ) ?? assert.fail(),
    )
    assert.deepEqual(new Set(seen.items.map(({ groups }) => groups?.length)), new Set([0]))
    assert.ok(seen.items.length === 10 || seen.items.length === 50)
  }))

test('a survey without the right to search is an auth Fault', () =>
  bench({}, async (b) => {
    const { ready, groups } = await b.resolve(['Premium'])
    b.emulator.setScopes(['read_tags', 'write_tags'])
    const reported = await b.fault(() => b.listing.count(b.io, ready, groups[0]?.id ?? ''))
    assert.deepEqual([reported.kind, reported.code], ['auth', 'missing-scope'])
  }))

test('companies without contacts carry tags that no list shows', () =>
  bench({ object: 'company_tag' }, async (b) => {
    for (const i of [59, 60, 61, 62]) b.emulator.world.attach('company', i, 'Premium')
    const { ready, groups } = await b.resolve(['Premium'])
    const id = groups[0]?.id ?? ''
    assert.equal(await b.listing.count(b.io, ready, id), 2)
    const { items } = await gather(b, b.listing.holders(b.io, ready, id, 'company_id'))
    assert.deepEqual(items.flat().sort(), ['company-59', 'company-60'])
    assert.equal(b.listing.leavesOut, 'companies without contacts')
    const [hidden] = await b.observe(await b.resolve(['Premium']), [{ field: 'id', value: companyIntercomId(61) }])
    assert.deepEqual(hidden?.groups, [{ id }])
  }))

test('more companies than Intercom lists are a Fault that says so', () =>
  bench({ object: 'company_tag', emulator: { contacts: 10_100, companies: 10_100 } }, async (b) => {
    for (let i = 1; i <= 10_100; i += 1) b.emulator.world.attach('company', i, 'Premium')
    const { ready, groups } = await b.resolve(['Premium'])
    const id = groups[0]?.id ?? ''
    assert.ok((await b.listing.count(b.io, ready, id)) > (b.listing.atMost ?? Infinity))
    const reported = await b.fault(() => gather(b, b.listing.holders(b.io, ready, id, 'id')))
    assert.deepEqual([reported.kind, reported.code], ['config', 'too-many-to-list'])
  }))
