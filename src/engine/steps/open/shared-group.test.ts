import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import {
  links,
  onSharedAccount,
  type LinkKind,
  type LinkHarness,
  type Opened,
} from '../../../testing/shared-account/shared-account-links.ts'
import { day, minute } from '../../../testing/shared-account/shared-account.ts'

const account = await onSharedAccount(after)
const gaps = [0, 2, 10, 60].map((minutes) => [minutes, minutes * minute] as const)

/**
 * Two Activations on one group, with the same and with different identifiers, with the group in the settings and in a
 * column.
 */
const pairs: readonly (readonly [LinkKind, LinkKind])[] = [
  ['contact tags by id', 'contact tags by id'],
  ['contact tags by id', 'contact tags by email'],
  ['contact tags by email', 'contact tags by a list'],
  ['contact tags by id', 'contact tags from a column'],
  ['contact tags by a list from a column', 'contact tags by external_id'],
  ['company tags by id', 'company tags by company_id'],
  ['company tags from a column', 'company tags by id'],
  ['company tags by a list', 'company tags by company_id'],
  ['companies of contacts', 'companies of contacts by email'],
  ['companies from a column', 'companies of contacts'],
  ['companies of contacts by a list', 'companies of contacts'],
]

interface Two {
  readonly s: LinkHarness
  readonly one: Opened
  readonly two: Opened
}

async function twoOn(
  t: TestContext,
  [first, second]: readonly [LinkKind, LinkKind],
  other: 'mirror' | 'attach' = 'mirror',
): Promise<Two> {
  const s = await account.begin(t)
  return {
    s,
    one: await s.open(first, { name: 'one', group: 0 }),
    two: await s.open(second, { name: 'two', group: 0, behavior: other }),
  }
}

async function assertQuiet(s: LinkHarness, ...all: readonly Opened[]): Promise<void> {
  for (const opened of all) {
    const { requests, counts } = await s.run(opened)
    assert.deepEqual([requests.write, counts.delivered], [0, 0], `${opened.spec.name} has nothing to do`)
  }
}

for (const pair of pairs) {
  const [first, second] = pair
  for (const [minutes, ms] of gaps) {
    test(`${first} and ${second} on one group, ${minutes} min apart: a link stays as long as one of them wants it, and then comes off`, async (t) => {
      const { s, one, two } = await twoOn(t, pair)
      await s.run(one, [1, 2])
      await s.letTimePass(ms)
      await s.run(two, [1, 3])
      assert.deepEqual(s.holders(one), [1, 2, 3])
      await s.letTimePass(ms)
      await s.run(one, [2])
      assert.deepEqual(s.holders(one), [1, 2, 3], 'two selects 1')
      await s.letTimePass(ms)
      await s.run(two)
      await assertQuiet(s, one, two)
      assert.deepEqual(s.holders(one), [1, 2, 3])
      await s.letTimePass(ms)
      await s.run(two, [3])
      await s.run(one)
      await s.run(two)
      assert.deepEqual(s.holders(one), [2, 3], 'nobody selects 1 any more')
      await assertQuiet(s, one, two)
      await s.run(one, [])
      await s.run(two, [])
      assert.deepEqual(s.holders(one), [], 'nobody selects anything')
    })
  }

  test(`${first} and ${second} on one group: what a person had put there stays when both have let go`, async (t) => {
    const { s, one, two } = await twoOn(t, pair)
    s.byHand(one, 1)
    await s.letTimePass(day)
    for (const rows of [[1, 2], [2], []]) {
      await s.run(one, rows)
      await s.run(two, rows)
      await s.run(one)
    }
    assert.deepEqual(s.holders(one), [1])
  })

  test(`${second} attach what ${first} mirror: it stays as long as the rows of either name it, and then comes off`, async (t) => {
    const { s, one, two } = await twoOn(t, pair, 'attach')
    await s.run(one, [1, 2])
    await s.run(two, [1])
    await s.letTimePass(day)
    await s.run(one, [2])
    assert.deepEqual(s.holders(one), [1, 2])
    await s.run(two, [])
    await s.run(one)
    assert.deepEqual(s.holders(one), [2])
    await assertQuiet(s, one, two)
  })

  test(`${second} attach, and ${first} mirror what stood there: it is not taken off, since an attach never takes off`, async (t) => {
    const { s, one, two } = await twoOn(t, pair, 'attach')
    await s.run(two, [1])
    await s.letTimePass(day)
    await s.run(one, [1])
    await s.letTimePass(day)
    await s.run(one, [])
    assert.deepEqual(s.holders(one), [1])
  })

  test(`${first}, taken back, does not take off what ${second} selects as well`, async (t) => {
    const { s, one, two } = await twoOn(t, pair)
    const { run } = await s.run(one, [1, 2])
    await s.run(two, [1])
    await s.letTimePass(day)
    await s.undo(one, run)
    assert.deepEqual(s.holders(one), [1])
  })

  test(`${first} dies while it takes off: what ${second} selects stays, and the rest comes off`, async (t) => {
    const { s, one, two } = await twoOn(t, pair)
    await s.run(one, [1, 2, 3])
    await s.run(two, [1])
    await s.letTimePass(day)
    await s.runAndDie(one, [], { atWrite: 1 })
    await s.run(one)
    await s.run(two)
    assert.deepEqual(s.holders(one), [1])
    await assertQuiet(s, one, two)
  })

  test(`${first} and ${second} on one group: nothing is told as missing, and a person who takes it off is found out by both`, async (t) => {
    const { s, one, two } = await twoOn(t, pair)
    await s.run(one, [1, 2])
    await s.run(two, [1, 3])
    await s.letTimePass(day)
    await s.run(one, [2])
    assert.deepEqual((await s.account.verify(two))?.verified, { confirmed: 2, pending: 0, missing: 0 })
    s.byHand(two, 1, 'take off')
    await s.letTimePass(day)
    assert.deepEqual((await s.account.verify(two))?.verified, { confirmed: 1, pending: 0, missing: 1 })
  })

  test(`${first} and ${second} on one group: a plan tells of the other by name`, async (t) => {
    const { s, one, two } = await twoOn(t, pair)
    await s.run(one, [1])
    const { notices } = await s.plan(two, [2])
    assert.ok(
      notices.some(({ words }) => /"one"/.test(words) && /"two"/.test(words)),
      JSON.stringify(notices),
    )
  })
}

for (const kind of ['contact tags by a list', 'company tags by a list', 'companies of contacts by a list'] as const) {
  test(`${kind}: a row that comes to name its thing by another identifier keeps the link, and loses it when it leaves`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(kind, { name: 'one', group: 0 })
    const [first = '', second = ''] = links[kind].by
    await s.run(one, [1, 2])
    assert.deepEqual(s.holders(one), [1, 2])
    for (const without of [first, second, first]) {
      await s.letTimePass(day)
      await s.run(one, [{ at: 1, [without]: undefined }, 2])
      await s.run(one)
      assert.deepEqual(s.holders(one), [1, 2], `a row without ${without}`)
    }
    await s.run(one, [2])
    assert.deepEqual(s.holders(one), [2])
  })
}
