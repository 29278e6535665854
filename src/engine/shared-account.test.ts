import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { links, onSharedAccount, type LinkKind } from '../testing/shared-account/shared-account-links.ts'
import { day, minute } from '../testing/shared-account/shared-account.ts'

const account = await onSharedAccount(after)
const gaps = [0, 1, 2, 5, 11].map((minutes) => [minutes, minutes * minute] as const)

/** Two Activations that write different groups to the same target records: links from before the second one stay. */
const neighbors: readonly (readonly [LinkKind, LinkKind])[] = [
  ['company tags by company_id', 'company tags by company_id'],
  ['company tags by id', 'company tags by company_id'],
  ['company tags by company_id', 'company tags by id'],
  ['company tags from a column', 'company tags by id'],
  ['companies of contacts', 'companies of contacts'],
  ['companies of contacts by email', 'companies of contacts'],
  ['companies from a column', 'companies of contacts by email'],
  ['contact tags by id', 'contact tags by id'],
  ['contact tags by email', 'contact tags by id'],
  ['contact tags by id', 'contact tags by email'],
  ['contact tags by a list', 'contact tags by id'],
  ['contact tags from a column', 'contact tags by a list'],
]

for (const [first, second] of neighbors) {
  for (const [minutes, ms] of gaps) {
    test(`${first} write one group, ${second} another ${minutes} min later: what a person had put there is in place, and stays when the rows leave`, async (t) => {
      const s = await account.begin(t)
      const one = await s.open(first, { name: 'one', group: 0 })
      const two = await s.open(second, { name: 'two', group: 1 })
      for (const at of [1, 2]) s.byHand(two, at)
      await s.letTimePass(day)
      await s.run(one, [1, 2, 3])
      assert.deepEqual(s.holders(one), [1, 2, 3])
      await s.letTimePass(ms)
      const plan = await s.plan(two, [1, 2, 3])
      assert.deepEqual([plan.lines.adds, plan.lines.inPlace], [1, 2], 'planned: put on, in place')
      const run = await s.run(two, [1, 2, 3])
      assert.deepEqual([run.counts.delivered, run.counts.alreadyInPlace], [1, 2], 'delivered, already in place')
      await s.letTimePass(ms)
      await s.run(two, [3])
      assert.deepEqual(s.holders(two), [1, 2, 3], 'who is in the group when 1 and 2 have left the query')
      await s.letTimePass(day)
      await s.run(two, [])
      assert.deepEqual(s.holders(two), [1, 2], 'who is in the group when all have left the query')
    })
  }

  test(`${first} write one group and die in the middle, ${second} another: what a person had put there stays`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(first, { name: 'one', group: 0 })
    const two = await s.open(second, { name: 'two', group: 1 })
    for (const at of [1, 2]) s.byHand(two, at)
    await s.letTimePass(day)
    await s.runAndDie(one, [1, 2, 3], { atWrite: 1 })
    await s.run(two, [1, 2, 3])
    await s.run(two, [])
    assert.deepEqual(
      s.holders(two).filter((at) => at < 3),
      [1, 2],
    )
    await s.letTimePass(day)
    await s.run(one)
    await s.run(two)
    assert.deepEqual(
      [s.holders(one), s.holders(two).filter((at) => at < 3)],
      [
        [1, 2, 3],
        [1, 2],
      ],
    )
  })

  test(`${first} write one group, ${second} another, which is taken back: what a person had put there stays`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(first, { name: 'one', group: 0 })
    const two = await s.open(second, { name: 'two', group: 1, behavior: 'attach' })
    for (const at of [1, 2]) s.byHand(two, at)
    await s.letTimePass(day)
    await s.run(one, [1, 2, 3])
    const { run } = await s.run(two, [1, 2, 3])
    await s.undo(two, run)
    assert.deepEqual(
      s.holders(two).filter((at) => at < 3),
      [1, 2],
    )
  })
}

const kinds = Object.keys(links) as LinkKind[]
const givesDates = kinds.filter((kind) => links[kind].object === 'contact_tag')

// If the Target reports the date of a link, it also shows that the link is external, even if the index did not show it.
for (const kind of givesDates) {
  for (const minutes of [1, 3, 6]) {
    test(`${kind}: what a person put there ${minutes} min before, and the index does not show, is not claimed as ours`, async (t) => {
      const s = await account.begin(t)
      const one = await s.open(kind, { name: 'one', group: 0 })
      s.byHand(one, 1)
      await s.letTimePass(minutes * minute)
      await s.run(one, [1, 2])
      assert.deepEqual(s.holders(one), [1, 2])
      await s.letTimePass(day)
      await s.run(one, [])
      assert.deepEqual(s.holders(one), [1])
    })
  }
}

for (const kind of kinds) {
  test(`${kind}: a plan after a Run that wrote to other records by another identifier tells what is in place`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(kind, { name: 'one', group: 0 })
    for (const other of kinds) {
      const two = await s.open(other, { name: `other ${other}`, group: 1 })
      for (const at of [1, 2, 3]) if (!s.holders(one).includes(at)) s.byHand(one, at)
      await s.letTimePass(day)
      await s.run(two, [4])
      const plan = await s.plan(one, [1, 2, 3])
      assert.deepEqual([plan.lines.adds, plan.lines.inPlace], [0, 3], `after ${other}`)
    }
    const run = await s.run(one, [1, 2, 3])
    assert.deepEqual([run.counts.delivered, run.counts.alreadyInPlace], [0, 3])
  })
}
