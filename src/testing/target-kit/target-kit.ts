import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Identity, Outcome } from '../../connect/index.ts'
import { checkTests, configTests } from './target-kit-check.ts'
import { hostileTargetTests } from './target-kit-hostile.ts'
import { assertHonest, isDone, range, statuses } from './outcome-honesty.ts'
import { listingTests } from './target-kit-listing.ts'
import { withSession } from './target-session.ts'
import type { TargetCase } from './target-harness.ts'

/**
 * Registers the tests that every object with links must pass. They compare the outcomes with the emulator's state: what
 * is reported as delivered must be there; what is reported as rejected or on hold must not.
 */
export function targetKit(testCase: TargetCase): void {
  describe(`${testCase.object.id} (${testCase.title})`, () => {
    configTests(testCase)
    checkTests(testCase, (harness) => harness.groupNames())
    stateTests(testCase)
    listingTests(testCase)
    hostileTargetTests(testCase)
  })
}

function stateTests(testCase: TargetCase): void {
  const { max } = testCase.object.batch

  const { matchCase, createSetting } = testCase.object.group ?? {}

  test(`resolve ${matchCase ? 'regards' : 'ignores'} case, and refuses what is unknown`, () =>
    withSession(testCase, {}, async (session) => {
      const [first = ''] = session.harness.groups
      assert.equal((await session.resolve([first])).groups[0]?.name, first)
      assert.notEqual(first.toUpperCase(), first)
      if (matchCase) assert.equal((await session.fault(() => session.resolve([first.toUpperCase()]))).kind, 'config')
      else assert.equal((await session.resolve([first.toUpperCase()])).groups[0]?.name, first)
      assert.equal((await session.fault(() => session.resolve(['No such thing at all']))).kind, 'config')
    }))

  if (createSetting !== undefined)
    test('what is missing is created only in prepare', () =>
      withSession(testCase, {}, async (session) => {
        const { harness, io } = session
        const before = harness.groupNames()
        const created = await session.resolve(['Brand new one'], { create: true })
        assert.deepEqual(created.toCreate, ['Brand new one'])
        assert.deepEqual(harness.groupNames(), before)
        const prepared = await testCase.object.prepare(io, created.ready)
        assert.deepEqual(prepared.toCreate, [])
        assert.notEqual(prepared.groups[0]?.id, null)
        assert.deepEqual([...harness.groupNames()].sort(), [...before, 'Brand new one'].sort())
        const { outcomes } = await session.deliver(prepared, 'attach', [harness.existing(1)])
        assert.deepEqual(statuses(outcomes), ['delivered'])
        assert.deepEqual(harness.holds(harness.existing(1)), ['Brand new one'])
      }))

  for (const size of [0, 1, max]) {
    test(`add and remove ${size}, each twice, leaving the rest alone`, () =>
      withSession(testCase, {}, async (session) => {
        const { harness } = session
        const [managed = '', external = ''] = harness.groups
        const targetRecords = range(size, (i) => harness.existing(i))
        const bystander = harness.existing(max + 1)
        harness.put(bystander, managed)
        for (const targetRecord of targetRecords) harness.put(targetRecord, external)
        const resolved = await session.resolve([managed])
        for (const repeat of [1, 2]) {
          const { outcomes, fault } = await session.deliver(resolved, 'attach', targetRecords)
          assert.equal(fault, undefined)
          assert.ok(statuses(outcomes).every(isDone), `add ${repeat}`)
          for (const targetRecord of targetRecords)
            assert.deepEqual([...harness.holds(targetRecord)].sort(), [managed, external].sort())
        }
        for (const repeat of [1, 2]) {
          const { outcomes, fault } = await session.deliver(resolved, 'detach', targetRecords)
          assert.equal(fault, undefined)
          assert.ok(statuses(outcomes).every(isDone), `remove ${repeat}`)
          for (const targetRecord of targetRecords) assert.deepEqual(harness.holds(targetRecord), [external])
        }
        assert.deepEqual(harness.holds(bystander), [managed])
      }))
  }

  test('remove takes off several members in one go', () =>
    withSession(testCase, {}, async (session) => {
      const { harness } = session
      const [one = '', two = '', three = ''] = harness.groups
      const targetRecords = range(5, (i) => harness.existing(i))
      for (const targetRecord of targetRecords) for (const group of [one, two, three]) harness.put(targetRecord, group)
      const { outcomes } = await session.deliver(await session.resolve([one, three]), 'detach', targetRecords)
      assert.ok(statuses(outcomes).every(isDone))
      for (const targetRecord of targetRecords) assert.deepEqual(harness.holds(targetRecord), [two])
    }))

  test('order does not matter', () =>
    withSession(testCase, {}, async (session) => {
      const { harness } = session
      const [managed = ''] = harness.groups
      const targetRecords = [...range(7, (i) => harness.existing(i)), harness.unknown(1)]
      const resolved = await session.resolve([managed])
      const there = await session.deliver(resolved, 'attach', targetRecords)
      const back = await session.deliver(resolved, 'attach', targetRecords.toReversed())
      const verdict = ([key, { status }]: [string, Outcome]): string => `${key} ${status}`
      assert.deepEqual([...back.outcomes].map(verdict).sort(), [...there.outcomes].map(verdict).sort())
      assertHonest(harness, back.outcomes, targetRecords.slice(0, -1), managed, 'attach')
    }))

  for (const [title, missing] of [
    ['one', 1],
    ['three', 3],
    ['every', max],
  ] as const) {
    for (const kind of ['attach', 'detach'] as const) {
      test(`${kind}: ${title} unknown of ${max} fails alone`, () =>
        withSession(testCase, {}, async (session) => {
          const { harness } = session
          const [managed = ''] = harness.groups
          const every = Math.floor(max / missing)
          const targetRecords = range(max, (i) =>
            i % every === 0 && i / every <= missing ? harness.unknown(i) : harness.existing(i),
          )
          const unknown = new Set(range(max, (i) => harness.unknown(i).value))
          if (kind === 'detach')
            for (const targetRecord of targetRecords)
              if (!unknown.has(targetRecord.value)) harness.put(targetRecord, managed)
          const { outcomes, fault } = await session.deliver(await session.resolve([managed]), kind, targetRecords)
          assert.equal(fault, undefined)
          for (const { value } of targetRecords) {
            const outcome = outcomes.get(value)
            if (!unknown.has(value)) assert.ok(isDone(outcome?.status), `${value} was ${JSON.stringify(outcome)}`)
            else
              assert.ok(
                outcome?.status === 'rejected' && outcome.code === 'not-found' && outcome.message.includes(value),
                JSON.stringify(outcome),
              )
          }
          assertHonest(
            harness,
            outcomes,
            targetRecords.filter(({ value }) => !unknown.has(value)),
            managed,
            kind,
          )
        }))
    }
  }

  test('observe tells what is there, and what does not exist', () =>
    withSession(testCase, {}, async (session) => {
      const { harness } = session
      const [managed = '', external = ''] = harness.groups
      harness.put(harness.existing(1), managed)
      harness.put(harness.existing(1), external)
      const resolved = await session.resolve([managed, external])
      const ids = resolved.groups.map(({ id }) => id)
      const observed = await session.observe(resolved, [harness.existing(1), harness.existing(2), harness.unknown(1)])
      const of = (identity: Identity) =>
        observed.filter((each) => each.identity.value === identity.value).map(({ groups }) => groups)
      assert.deepEqual(
        of(harness.existing(1)).map((groups) => groups?.map(({ id }) => id).toSorted()),
        [ids.toSorted()],
      )
      assert.deepEqual(of(harness.existing(2)), [[]])
      assert.deepEqual(of(harness.unknown(1)), [null])
    }))

  test('odd values are refused, alone, and reach nothing else', () =>
    withSession(testCase, {}, async (session) => {
      const { harness } = session
      const [managed = ''] = harness.groups
      const good = harness.existing(1)
      const odd = [
        '0012',
        '🦊',
        'x'.repeat(10_000),
        '../x',
        '..',
        '.',
        'a/b?c#d',
        `${good.value}/../${harness.existing(2).value}`,
        '%2e%2e',
        'null',
        '\u{d800}',
        '1e3',
        '"',
      ]
      const targetRecords = [good, ...odd.map((value) => ({ field: testCase.identifier, value }))]
      const { outcomes, fault } = await session.deliver(await session.resolve([managed]), 'attach', targetRecords)
      assert.equal(fault, undefined)
      assert.deepEqual(
        odd.filter((value) => outcomes.get(value)?.status !== 'rejected'),
        [],
      )
      assert.equal(outcomes.get(good.value)?.status, 'delivered')
      assert.deepEqual(harness.holds(good), [managed])
      assert.deepEqual(harness.holds(harness.existing(2)), [])
      assert.deepEqual(
        await session
          .observe(await session.resolve([managed]), targetRecords.slice(1))
          .then((all) => all.filter(({ groups }) => groups !== null)),
        [],
      )
    }))
}
