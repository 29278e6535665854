import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { links, onSharedAccount, type LinkKind } from '../../../testing/shared-account/shared-account-links.ts'
import { day, minute } from '../../../testing/shared-account/shared-account.ts'

const account = await onSharedAccount(after)
const { world } = account
const kinds = Object.keys(links) as LinkKind[]
const lists = kinds.filter((kind) => links[kind].by.length > 1)
const byName = kinds.filter(
  (kind) => links[kind].object !== 'company_tag' && links[kind].by.some((field) => field !== 'id'),
)
const behaviors = ['attach', 'mirror', 'detach'] as const

let pairs = 0
for (const kind of lists) {
  for (const behavior of behaviors) {
    for (const delivery of ['batch', 'single'] as const) {
      test(`${kind}: ${behavior} delivers what the rows name by the one identifier or the other, ${delivery}`, async (t) => {
        const s = await account.begin(t)
        const one = await s.open(kind, { name: 'one', group: 0, behavior, delivery })
        const [first = '', second = ''] = links[kind].by
        if (behavior === 'detach') for (const at of [1, 2, 3, 4]) s.byHand(one, at)
        await s.letTimePass(day)
        const rows = [1, { at: 2, [first]: undefined }, { at: 3, [second]: undefined }]
        const plan = await s.plan(one, rows)
        assert.equal(behavior === 'detach' ? plan.lines.removes : plan.lines.adds, 3)
        const run = await s.run(one, rows)
        assert.equal(run.counts.delivered, 3)
        assert.deepEqual(s.holders(one), behavior === 'detach' ? [4] : [1, 2, 3])
        await s.letTimePass(day)
        assert.deepEqual([(await s.run(one)).requests.write, (await s.account.verify(one))?.verified.missing], [0, 0])
        if (behavior !== 'mirror') return
        await s.run(one, [1])
        assert.deepEqual(s.holders(one), [1], 'two rows left')
      })
    }
  }

  test(`${kind}: what a list of identifiers tagged is taken back`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(kind, { name: 'one', group: 0 })
    const [first = ''] = links[kind].by
    s.byHand(one, 3)
    await s.letTimePass(day)
    const { run } = await s.run(one, [1, { at: 2, [first]: undefined }, 3])
    assert.deepEqual(s.holders(one), [1, 2, 3])
    await s.undo(one, run)
    assert.deepEqual(s.holders(one), [3])
  })

  test(`${kind}: the process dies at a write, and the next Run goes on`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(kind, { name: 'one', group: 0, delivery: 'single' })
    const [first = ''] = links[kind].by
    await s.runAndDie(one, [1, { at: 2, [first]: undefined }, 3], { atWrite: 2 })
    await s.run(one)
    assert.deepEqual(s.holders(one), [1, 2, 3])
    await s.letTimePass(day)
    await s.run(one, [2])
    assert.ok(s.holders(one).includes(2))
    assert.equal((await s.run(one)).requests.write, 0)
  })

  // The reverse as well: an identifier is removed from the list.
  const single = (field: string | undefined): LinkKind | undefined =>
    kinds.find(
      (other) =>
        links[other].object === links[kind].object &&
        links[other].by.length === 1 &&
        links[other].by[0] === field &&
        'groups' in links[other] === 'groups' in links[kind],
    )
  const [byFirst, bySecond] = links[kind].by.map(single)
  for (const [before, now] of [
    [byFirst, kind],
    [bySecond, kind],
    [kind, byFirst],
  ] as const) {
    if (before === undefined || now === undefined) continue
    pairs += 1
    test(`adopts takes the memory over from ${before} to ${now}, and nobody loses the link`, async (t) => {
      const s = await account.begin(t)
      const old = await s.open(before, { name: 'old', group: 0 })
      s.byHand(old, 3)
      await s.letTimePass(day)
      await s.run(old, [1, 2, 3])
      assert.deepEqual(s.holders(old), [1, 2, 3])
      await s.letTimePass(day)
      const fresh = await s.open(now, { name: 'fresh', group: 0, adopts: 'old' })
      const plan = await s.plan(fresh, [1, 2, 3])
      assert.deepEqual([plan.lines.adds, plan.lines.removes], [0, 0])
      assert.equal((await s.run(fresh, [1, 2, 3])).requests.write, 0)
      assert.deepEqual(s.holders(old), [1, 2, 3])
      await s.run(fresh, [1])
      assert.deepEqual(s.holders(old), [1, 3], "what was ours comes off, what was a person's stays")
    })
  }
}

test('a memory was taken over between all kinds that differ in their identifiers alone', () => assert.equal(pairs, 7))

/**
 * An external change to contact 1 after the first Run: it gets a new identifier, and its old one goes to no contact or
 * to contact 2.
 */
function rename(to: 'nobody' | 'another'): void {
  world.changeContact('c1', { email: 'new@acme.test', external_id: 'new' })
  if (to === 'another') world.changeContact('c2', { email: 'p1@acme.test', external_id: 'x1' })
}

for (const kind of byName) {
  for (const to of ['nobody', 'another'] as const) {
    for (const minutes of [0, 2, 60]) {
      test(`${kind}: a contact whose name a person changed, ${minutes} min ago, loses the link when its row leaves; who has the old name now (${to}) is left alone`, async (t) => {
        const s = await account.begin(t)
        const one = await s.open(kind, { name: 'one', group: 0 })
        s.byHand(one, 2)
        await s.letTimePass(day)
        await s.run(one, [1, 3])
        assert.deepEqual(s.holders(one), [1, 2, 3])
        await s.letTimePass(day)
        rename(to)
        await s.letTimePass(minutes * minute)
        await s.run(one, [3])
        assert.deepEqual(s.holders(one), [2, 3])
        assert.equal((await s.run(one)).requests.write, 0)
      })
    }

    test(`${kind}: a Run is taken back from the contact that it wrote to, whatever it is called by now (its old name: ${to})`, async (t) => {
      const s = await account.begin(t)
      const one = await s.open(kind, { name: 'one', group: 0 })
      s.byHand(one, 2)
      await s.letTimePass(day)
      const { run } = await s.run(one, [1, 3])
      assert.deepEqual(s.holders(one), [1, 2, 3])
      await s.letTimePass(day)
      rename(to)
      await s.letTimePass(day)
      await s.undo(one, run)
      assert.deepEqual(s.holders(one), [2])
    })
  }

  test(`${kind}: the Warehouse follows the new name: the link stays, without a write, and comes off when the row leaves`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(kind, { name: 'one', group: 0 })
    await s.run(one, [1, 3])
    assert.deepEqual(s.holders(one), [1, 3])
    await s.letTimePass(day)
    rename('nobody')
    await s.letTimePass(day)
    const renamed = { at: 1, email: 'new@acme.test', external_id: 'new' }
    const plan = await s.plan(one, [renamed, 3])
    assert.deepEqual([plan.lines.adds, plan.lines.removes], [0, 0])
    assert.equal((await s.run(one, [renamed, 3])).requests.write, 0)
    assert.deepEqual(s.holders(one), [1, 3])
    await s.run(one, [3])
    assert.deepEqual(s.holders(one), [3])
  })
}

const shownByWhom = kinds.filter((kind) => links[kind].object === 'contact_tag')
for (const kind of shownByWhom) {
  for (const delivery of ['batch', 'single'] as const) {
    for (const known of ['before', 'in the same Run'] as const) {
      test(`${kind}, ${delivery}: adopt takes off what another admin had put there, when the row leaves (our own hand is known ${known})`, async (t) => {
        const s = await account.begin(t)
        const one = await s.open(kind, { name: 'one', group: 0, ownership: 'adopt', delivery })
        const other = await s.open('contact tags by id', { name: 'other', group: 1, delivery })
        s.byHand(one, 1, 'put', '991267460')
        s.byHand(one, 4, 'put', '991267460')
        await s.letTimePass(day)
        if (known === 'before') await s.run(other, [5])
        await s.letTimePass(day)
        await s.run(one, [1, 2, 3])
        assert.deepEqual(s.holders(one), [1, 2, 3, 4])
        await s.letTimePass(day)
        await s.run(other, [6])
        await s.run(one, [2])
        assert.deepEqual(s.holders(one), [2, 4], '1 was adopted, 3 was ours, 4 was never in the query')
      })
    }
  }
}

for (const kind of kinds.filter((each) => !shownByWhom.includes(each))) {
  test(`${kind}: adopt takes off what somebody had put there, when the row leaves; respect does not`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(kind, { name: 'one', group: 0, ownership: 'adopt' })
    const two = await s.open(kind, { name: 'two', group: 1 })
    for (const opened of [one, two]) for (const at of [1, 4]) s.byHand(opened, at)
    await s.letTimePass(day)
    for (const rows of [[1, 2], [2]]) {
      for (const opened of [one, two]) await s.run(opened, rows)
      await s.letTimePass(day)
    }
    assert.deepEqual(
      [s.holders(one), s.holders(two)],
      [
        [2, 4],
        [1, 2, 4],
      ],
    )
  })
}

for (const kind of kinds.filter((each) => 'groups' in links[each])) {
  for (const ends of ['well', 'in a crash'] as const) {
    test(`${kind}: adopt takes over the group that is in place beside one that is put on, when the Run ends ${ends}`, async (t) => {
      const s = await account.begin(t)
      const one = await s.open(kind, { name: 'one', group: 0, ownership: 'adopt' })
      const other = await s.open(kind, { name: 'other', group: 1 })
      const both = { at: 1, groups: [one.group, other.group] }
      for (const at of [1, 2]) s.byHand(other, at)
      await s.letTimePass(day)
      if (ends === 'in a crash') await s.runAndDie(one, [both], { atWrite: 1 })
      const run = await s.run(one, [both])
      if (ends === 'well') assert.deepEqual([run.counts.delivered, run.counts.alreadyInPlace], [1, 1])
      assert.deepEqual([s.holders(one), s.holders(other)], [[1], [1, 2]])
      await s.letTimePass(day)
      assert.equal((await s.run(one)).requests.write, 0)
      await s.run(one, [{ at: 1, groups: [one.group] }])
      assert.deepEqual([s.holders(one), s.holders(other)], [[1], [2]], 'the row names it no more')
      await s.run(one, [])
      assert.deepEqual([s.holders(one), s.holders(other)], [[], [2]], 'the row left')
    })
  }
}

for (const kind of byName.filter((each) => 'groups' in links[each])) {
  test(`${kind}: a contact whose name a person changed loses the link that its row does not ask for any more, though the row names nobody now`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(kind, { name: 'one', group: 0 })
    await s.run(one, [1, 3])
    assert.deepEqual(s.holders(one), [1, 3])
    await s.letTimePass(day)
    rename('nobody')
    await s.letTimePass(day)
    const rows = [{ at: 1, groups: [] }, 3]
    assert.equal((await s.plan(one, rows)).lines.removes, 1)
    const { counts } = await s.run(one, rows)
    assert.deepEqual([counts.delivered, counts.rejected, s.holders(one)], [1, 0, [3]])
    const { rows: reasons } = await s.account.database.pool.query<{ reason: string }>(
      `select distinct reason from ledger where run_id = (select max(run_id) from ledger)`,
    )
    assert.deepEqual(reasons, [{ reason: 'left' }], 'the row no longer asks for the link')
    await s.letTimePass(day)
    assert.equal((await s.run(one, rows)).requests.write, 0)
  })

  test(`${kind}: it keeps the link where another row names it by its new name and asks for it`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(kind, { name: 'one', group: 0 })
    await s.run(one, [1])
    await s.letTimePass(day)
    rename('nobody')
    await s.letTimePass(day)
    const renamed = { at: 1, email: 'new@acme.test', external_id: 'new' }
    const rows = [{ at: 1, groups: [] }, renamed]
    assert.deepEqual((await s.run(one, rows)).counts.leftAlone, 1)
    assert.equal((await s.run(one, rows)).requests.write, 0)
    assert.deepEqual(s.holders(one), [1])
    await s.letTimePass(day)
    await s.run(one, [{ at: 1, groups: [] }])
    assert.deepEqual(s.holders(one), [], 'until that row leaves')
  })
}

for (const kind of byName.filter((each) => 'groups' in links[each])) {
  test(`${kind}: of a contact whose name a person changed, another activation leaves alone the link that the row with its old name still asks for`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(kind, { name: 'one', group: 0 })
    const other = await s.open(kind, { name: 'other', group: 1, ownership: 'adopt' })
    await s.run(one, [{ at: 1, groups: [one.group, other.group] }])
    await s.letTimePass(day)
    await s.run(other, [1])
    await s.letTimePass(day)
    rename('nobody')
    await s.letTimePass(day)
    await s.run(one, [{ at: 1, groups: [other.group] }])
    assert.deepEqual([s.holders(one), s.holders(other)], [[], [1]])
    await s.letTimePass(minute)
    await s.run(other, [])
    assert.deepEqual(s.holders(other), [1])
  })
}

for (const kind of kinds.filter((each) => 'groups' in links[each])) {
  test(`${kind}: adopt takes over the group that is in place beside one that is taken off`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(kind, { name: 'one', group: 0, ownership: 'adopt' })
    const other = await s.open(kind, { name: 'other', group: 1 })
    s.byHand(one, 1)
    await s.letTimePass(day)
    await s.run(one, [{ at: 1, groups: [other.group] }])
    await s.letTimePass(day)
    const { counts } = await s.run(one, [{ at: 1, groups: [one.group] }])
    assert.deepEqual([counts.delivered, counts.alreadyInPlace], [1, 1])
    assert.deepEqual([s.holders(one), s.holders(other)], [[1], []])
    await s.letTimePass(day)
    await s.run(one, [])
    assert.deepEqual(s.holders(one), [], 'it was adopted, so it leaves with its row')
  })
}
