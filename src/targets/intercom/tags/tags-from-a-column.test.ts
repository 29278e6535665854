import assert from 'node:assert/strict'
import { test } from 'node:test'
import { range, statuses } from '../../../testing/target-kit/outcome-honesty.ts'
import { bench, type Bench } from '../bench.fixture.ts'
import { target } from '../index.ts'

/** As the engine calls it: the settings of the activation, with the names read from the column. */
const resolveNames = (b: Bench, tags: readonly string[], createTag = false) =>
  b.object.resolve(b.io, {
    ...(b.object.settings.parse({ tags: { column: 'segment' }, createTag }) as object),
    tags,
  })

test('settings take a column, with or without a delimiter, and nothing in between', () => {
  for (const { settings } of target.objects.filter(({ group: groups }) => groups?.setting === 'tags')) {
    const said = (tags: unknown) => settings.safeParse({ tags }).error?.issues.map(({ message }) => message)
    assert.equal(said({ column: 'segment' }), undefined)
    assert.equal(said({ column: 'segment', delimiter: ', ' }), undefined)
    assert.match(said('VIP')?.[0] ?? '', /^write the names as a list/)
    for (const wrong of [{}, { column: '' }, { column: 'x', delimiter: '' }, { column: 'x', names: ['a'] }])
      assert.ok(said(wrong), JSON.stringify(wrong))
  }
})

test('a column resolves to no tag yet, but the right to read tags is proven', () =>
  bench({ settings: { tags: { column: 'segment' } } }, async (b) => {
    const resolved = await b.resolve([])
    assert.deepEqual([resolved.groups, resolved.toCreate], [[], []])
    b.emulator.setScopes([])
    assert.equal((await b.fault(() => b.resolve([]))).code, 'missing-scope')
  }))

test('names from a column are resolved in their order, each spelling for itself; what is new is created once', () =>
  bench({}, async (b) => {
    const resolved = await resolveNames(b, ['region-eu', 'VIP ', 'Premium', 'vip'], true)
    assert.deepEqual(
      resolved.groups.map(({ id }) => id),
      ['102', null, '101', null],
    )
    assert.deepEqual(resolved.toCreate, ['VIP'])
    const { groups } = await b.object.prepare(b.io, resolved.ready)
    assert.equal(groups[1]?.id, groups[3]?.id)
    assert.deepEqual(b.harness.groupNames(), ['Premium', 'Region-EU', 'VIP'])
  }))

const misspelled = ['Premuim', 'Premium', ...range(20, (i) => `Zzzzzzzzz ${i}`)]

test('unknown names in the settings come in one Fault, ten of them, with the nearest', () =>
  bench({}, async (b) => {
    const reported = await b.fault(() =>
      b.object.resolve(b.io, b.object.settings.parse({ tags: misspelled }) as object),
    )
    assert.equal(reported.code, 'tag-not-found')
    assert.match(
      reported.message,
      /^Intercom has no tags called "Premuim" \(nearest: "Premium"\), "Zzzzzzzzz 1".*"Zzzzzzzzz 9" and 11 more\.$/,
    )
  }))

test('unknown names in rows get placeholders, one for each name whatever its case, and one notice', () =>
  bench({}, async (b) => {
    const { groups, toCreate, notices } = await resolveNames(b, [...misspelled, 'PREMUIM '])
    assert.deepEqual([groups[0]?.id, groups[1]?.id, groups.at(-1)?.id], ['absent:Premuim', '101', 'absent:Premuim'])
    assert.deepEqual(toCreate, [])
    assert.equal(b.object.group?.missing?.('absent:Premuim'), 'Intercom has no tag called "Premuim".')
    assert.deepEqual(
      notices.map(({ code, data }) => [code, data]),
      [['tags-missing', { tags: 21 }]],
    )
    assert.match(
      notices[0]?.words ?? '',
      /^Intercom does not have 21 of the tags in the rows: "Premuim" \(nearest: "Premium"\), "Zzzzzzzzz 1".* and 11 more\. The links to them are not loaded\.$/,
    )
  }))

test('thousands of names are resolved with one request', () => {
  const tags = range(5000, (i) => `Segment ${i}`)
  return bench({ emulator: { tags } }, async (b) => {
    const before = b.emulator.requests.counters().total
    const { groups } = await resolveNames(
      b,
      tags.map((name) => name.toUpperCase()),
    )
    assert.equal(new Set(groups.map(({ id }) => id)).size, 5000)
    assert.equal(b.emulator.requests.counters().total - before, 1)
  })
})

for (const object of ['contact_tag', 'company_tag', 'conversation_tag'] as const) {
  test(`${object}: calls of one run may concern different tags`, () =>
    bench({ object }, async (b) => {
      const { ready, groups } = await resolveNames(b, ['Premium', 'Region-EU'])
      for (const [index, { id }] of groups.entries()) {
        const identity = b.harness.existing(index + 1)
        const outcomes = await b.object.deliver(b.io, ready, [
          { key: identity.value, kind: 'attach', identity, group: id ?? '' },
        ])
        assert.deepEqual(statuses(outcomes), ['delivered'])
      }
      assert.deepEqual(
        [1, 2, 3].map((i) => b.harness.holds(b.harness.existing(i))),
        [['Premium'], ['Region-EU'], []],
      )
      assert.deepEqual(
        [b.object.countCalls(ready, 'attach', 10), b.object.countCalls(ready, 'detach', 10)],
        { contact_tag: [1, 10], company_tag: [1, 1], conversation_tag: [10, 10] }[object],
      )
    }))
}
