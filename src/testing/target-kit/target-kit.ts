import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Identity, Outcome } from '../../connect/index.ts'
import { checkTests, configTests } from './target-kit-check.ts'
import { hostileTargetTests } from './target-kit-hostile.ts'
import { assertHonest, isDone, range, statuses } from './outcome-honesty.ts'
import { surveyTests } from './target-kit-survey.ts'
import { withSession } from './target-session.ts'
import type { TargetCase } from './target-stand.ts'

/**
 * Registers the tests that every object of a target must pass. They look at the emulator's state, and at what is claimed about
 * it: whatever was delivered is there, whatever was refused or deferred is not.
 */
export function targetKit(kase: TargetCase): void {
  describe(`${kase.object.id} (${kase.title})`, () => {
    configTests(kase)
    checkTests(kase, (stand) => stand.memberNames())
    stateTests(kase)
    surveyTests(kase)
    hostileTargetTests(kase)
  })
}

function stateTests(kase: TargetCase): void {
  const { max } = kase.object.batch

  const { matchCase, createSetting } = kase.object.members ?? {}

  test(`resolve ${matchCase ? 'regards' : 'ignores'} case, and refuses what is unknown`, () => withSession(kase, {}, async (session) => {
    const [first = ''] = session.stand.members
    assert.equal((await session.resolve([first])).members[0]?.name, first)
    assert.notEqual(first.toUpperCase(), first)
    if (matchCase) assert.equal((await session.fault(() => session.resolve([first.toUpperCase()]))).kind, 'config')
    else assert.equal((await session.resolve([first.toUpperCase()])).members[0]?.name, first)
    assert.equal((await session.fault(() => session.resolve(['No such thing at all']))).kind, 'config')
  }))

  if (createSetting !== undefined) test('what is missing is created only in prepare', () => withSession(kase, {}, async (session) => {
    const { stand, io } = session
    const before = stand.memberNames()
    const created = await session.resolve(['Brand new one'], { create: true })
    assert.deepEqual(created.toCreate, ['Brand new one'])
    assert.deepEqual(stand.memberNames(), before)
    const prepared = await kase.object.prepare(io, created.ready)
    assert.deepEqual(prepared.toCreate, [])
    assert.notEqual(prepared.members[0]?.id, null)
    assert.deepEqual([...stand.memberNames()].sort(), [...before, 'Brand new one'].sort())
    const { outcomes } = await session.deliver(prepared, 'attach', [stand.existing(1)])
    assert.deepEqual(statuses(outcomes), ['delivered'])
    assert.deepEqual(stand.holds(stand.existing(1)), ['Brand new one'])
  }))

  for (const size of [0, 1, max]) {
    test(`add and remove ${size}, each twice, leaving the rest alone`, () => withSession(kase, {}, async (session) => {
      const { stand } = session
      const [ours = '', theirs = ''] = stand.members
      const things = range(size, (i) => stand.existing(i))
      const bystander = stand.existing(max + 1)
      stand.put(bystander, ours)
      for (const thing of things) stand.put(thing, theirs)
      const resolved = await session.resolve([ours])
      for (const repeat of [1, 2]) {
        const { outcomes, fault } = await session.deliver(resolved, 'attach', things)
        assert.equal(fault, undefined)
        assert.ok(statuses(outcomes).every(isDone), `add ${repeat}`)
        for (const thing of things) assert.deepEqual([...stand.holds(thing)].sort(), [ours, theirs].sort())
      }
      for (const repeat of [1, 2]) {
        const { outcomes, fault } = await session.deliver(resolved, 'detach', things)
        assert.equal(fault, undefined)
        assert.ok(statuses(outcomes).every(isDone), `remove ${repeat}`)
        for (const thing of things) assert.deepEqual(stand.holds(thing), [theirs])
      }
      assert.deepEqual(stand.holds(bystander), [ours])
    }))
  }

  test('remove takes off several members in one go', () => withSession(kase, {}, async (session) => {
    const { stand } = session
    const [one = '', two = '', three = ''] = stand.members
    const things = range(5, (i) => stand.existing(i))
    for (const thing of things) for (const member of [one, two, three]) stand.put(thing, member)
    const { outcomes } = await session.deliver(await session.resolve([one, three]), 'detach', things)
    assert.ok(statuses(outcomes).every(isDone))
    for (const thing of things) assert.deepEqual(stand.holds(thing), [two])
  }))

  test('order does not matter', () => withSession(kase, {}, async (session) => {
    const { stand } = session
    const [ours = ''] = stand.members
    const things = [...range(7, (i) => stand.existing(i)), stand.unknown(1)]
    const resolved = await session.resolve([ours])
    const there = await session.deliver(resolved, 'attach', things)
    const back = await session.deliver(resolved, 'attach', things.toReversed())
    const verdict = ([key, { status }]: [string, Outcome]): string => `${key} ${status}`
    assert.deepEqual([...back.outcomes].map(verdict).sort(), [...there.outcomes].map(verdict).sort())
    assertHonest(stand, back.outcomes, things.slice(0, -1), ours, 'attach')
  }))

  for (const [title, missing] of [['one', 1], ['three', 3], ['every', max]] as const) {
    for (const kind of ['attach', 'detach'] as const) {
      test(`${kind}: ${title} unknown of ${max} fails alone`, () => withSession(kase, {}, async (session) => {
        const { stand } = session
        const [ours = ''] = stand.members
        const every = Math.floor(max / missing)
        const things = range(max, (i) => i % every === 0 && i / every <= missing ? stand.unknown(i) : stand.existing(i))
        const unknown = new Set(range(max, (i) => stand.unknown(i).value))
        if (kind === 'detach') for (const thing of things) if (!unknown.has(thing.value)) stand.put(thing, ours)
        const { outcomes, fault } = await session.deliver(await session.resolve([ours]), kind, things)
        assert.equal(fault, undefined)
        for (const { value } of things) {
          const outcome = outcomes.get(value)
          if (!unknown.has(value)) assert.ok(isDone(outcome?.status), `${value} was ${JSON.stringify(outcome)}`)
          else assert.ok(outcome?.status === 'rejected' && outcome.code === 'not-found' && outcome.message.includes(value), JSON.stringify(outcome))
        }
        assertHonest(stand, outcomes, things.filter(({ value }) => !unknown.has(value)), ours, kind)
      }))
    }
  }

  test('observe tells what is there, and what does not exist', () => withSession(kase, {}, async (session) => {
    const { stand } = session
    const [ours = '', theirs = ''] = stand.members
    stand.put(stand.existing(1), ours)
    stand.put(stand.existing(1), theirs)
    const resolved = await session.resolve([ours, theirs])
    const ids = resolved.members.map(({ id }) => id)
    const observed = await session.observe(resolved, [stand.existing(1), stand.existing(2), stand.unknown(1)])
    const of = (identity: Identity) => observed.filter((each) => each.identity.value === identity.value).map(({ members }) => members)
    assert.deepEqual(of(stand.existing(1)).map((members) => members?.map(({ id }) => id).toSorted()), [ids.toSorted()])
    assert.deepEqual(of(stand.existing(2)), [[]])
    assert.deepEqual(of(stand.unknown(1)), [null])
  }))

  test('odd values are refused, alone, and reach nothing else', () => withSession(kase, {}, async (session) => {
    const { stand } = session
    const [ours = ''] = stand.members
    const good = stand.existing(1)
    const odd = ['0012', '🦊', 'x'.repeat(10_000), '../x', '..', '.', 'a/b?c#d', `${good.value}/../${stand.existing(2).value}`, '%2e%2e', 'null', '\u{d800}', '1e3', '"']
    const things = [good, ...odd.map((value) => ({ field: kase.identifier, value }))]
    const { outcomes, fault } = await session.deliver(await session.resolve([ours]), 'attach', things)
    assert.equal(fault, undefined)
    assert.deepEqual(odd.filter((value) => outcomes.get(value)?.status !== 'rejected'), [])
    assert.equal(outcomes.get(good.value)?.status, 'delivered')
    assert.deepEqual(stand.holds(good), [ours])
    assert.deepEqual(stand.holds(stand.existing(2)), [])
    assert.deepEqual(await session.observe(await session.resolve([ours]), things.slice(1)).then((all) => all.filter(({ members }) => members !== null)), [])
  }))
}
