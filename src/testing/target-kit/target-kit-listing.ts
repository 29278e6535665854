import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Identity, Observed, Resolved, Listing } from '../../connect/index.ts'
import { range } from './outcome-honesty.ts'
import { withSession, type TargetSession } from './target-session.ts'
import type { TargetCase } from './target-harness.ts'

/** More groups on one target record than a vendor shows in a shortened list, which is often ten. */
const many = 13

/**
 * Listings read the index. A listing must match the emulator's state when the index is up to date, and the earlier
 * state while the index lags.
 */
export function listingTests(testCase: TargetCase): void {
  const { listing } = testCase.object
  if (listing === undefined) return

  test('survey: holders, count and what is asked for agree with the state, over several calls', () =>
    withSession(testCase, {}, async (session) => {
      const { harness } = session
      const [managed = '', external = ''] = harness.groups
      const held = range(2 * listing.perCall + 7, (i) => harness.existing(i))
      const bare = harness.existing(held.length + 1)
      for (const targetRecord of held) harness.put(targetRecord, managed)
      harness.put(bare, external)
      const { resolved, look } = await looking(session, listing, testCase.identifier, managed)
      assert.deepEqual(await look(), { count: held.length, holders: values(held) })
      if (listing.of === undefined) return
      const odd = ['', '.', '../x', 'a b', '🦊', '\u{d800}', '"', 'x'.repeat(10_000)].map((value) => ({
        field: testCase.identifier,
        value,
      }))
      const seen = await all(listing.of(session.io, resolved.ready, [...odd, ...held, bare, harness.unknown(1)]))
      const id = resolved.groups[0]?.id
      assert.deepEqual(values(seen.map(({ identity }) => identity)), values([...held, bare]))
      assert.deepEqual(
        values(seen.filter(({ groups }) => groups?.some((group) => group.id === id)).map(({ identity }) => identity)),
        values(held),
      )
    }))

  test('survey: a member that nothing carries, or that does not exist, is on nothing', () =>
    withSession(testCase, {}, async (session) => {
      const [managed = ''] = session.harness.groups
      const { look } = await looking(session, listing, testCase.identifier, managed)
      assert.deepEqual(await look(), { count: 0, holders: [] })
      assert.deepEqual(await look('987654321'), { count: 0, holders: [] })
    }))

  test('survey: an index that lags shows the state of before', () =>
    withSession(testCase, {}, async (session) => {
      const { harness } = session
      assert.ok(harness.index, 'the stand of an object with a survey has an index')
      harness.index.stall()
      const [managed = ''] = harness.groups
      const targetRecord = harness.existing(1)
      harness.put(targetRecord, managed)
      const { resolved, look } = await looking(session, listing, testCase.identifier, managed)
      const of = async () =>
        listing.of === undefined ? [] : await all(listing.of(session.io, resolved.ready, [targetRecord]))
      assert.deepEqual(await look(), { count: 0, holders: [] })
      for (const seen of await of()) assert.deepEqual(seen.groups, [])
      harness.index.catchUp()
      assert.deepEqual(await look(), { count: 1, holders: [targetRecord.value] })
      for (const seen of await of()) assert.equal(seen.groups?.length, 1)
    }))

  const of = listing.of?.bind(listing)
  if (of === undefined) return
  test('survey: what is asked for comes with all its members, however many', () =>
    withSession(testCase, {}, async (session) => {
      const { harness } = session
      const [managed = ''] = harness.groups
      const targetRecords = range(3, (i) => harness.existing(i))
      range(many, (i) => targetRecords.slice(1).forEach((targetRecord) => harness.put(targetRecord, `Another ${i}`)))
      for (const targetRecord of targetRecords) harness.put(targetRecord, managed)
      const { resolved } = await looking(session, listing, testCase.identifier, managed)
      const byIndex = await all(of(session.io, resolved.ready, targetRecords))
      assert.deepEqual(byIndex.map(({ groups }) => groups?.length).sort(), [1, many + 1, many + 1].sort())
      assert.deepEqual(groupsOf(byIndex), groupsOf(await session.observe(resolved, targetRecords)))
    }))
}

async function looking(
  session: TargetSession,
  listing: Listing,
  identifier: string,
  name: string,
): Promise<{
  readonly resolved: Resolved<unknown>
  look(group?: string): Promise<{ readonly count: number; readonly holders: readonly string[] }>
}> {
  const { io } = session
  const resolved = await session.resolve([name])
  const id = resolved.groups[0]?.id ?? ''
  return {
    resolved,
    async look(group = id) {
      const count = await listing.count(io, resolved.ready, group)
      return { count, holders: (await all(listing.holders(io, resolved.ready, group, identifier))).flat().sort() }
    },
  }
}

function groupsOf(observed: readonly Observed[]): object {
  return Object.fromEntries(
    observed.map(({ identity, groups }) => [identity.value, groups?.map(({ id }) => id).sort()]),
  )
}

function values(identities: readonly Identity[]): readonly string[] {
  return identities.map(({ value }) => value).sort()
}

async function all<Item>(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const gathered: Item[] = []
  for await (const item of items) gathered.push(item)
  return gathered
}
