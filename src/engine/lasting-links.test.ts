import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { PlannedOperation } from '../store/plans/operations.ts'
import {
  links,
  onSharedAccount,
  type LinkKind,
  type LinkHarness,
  type Opened,
} from '../testing/shared-account/shared-account-links.ts'
import { day } from '../testing/shared-account/shared-account.ts'
import type { Activation } from './activation.ts'
import type { RunReport } from './run-report.ts'
import { behaviors } from '../behaviors/registry.gen.ts'
import { nowWords } from '../model/words/story.ts'
import { readRecordStory } from './record-story.ts'
import { runActivation } from './run.ts'
import { slicesOf } from './delivery/slices.ts'

/**
 * Changes between two Runs must not be lost if the Run in between was blocked, broke off, or waited for other
 * Activations.
 */
const account = await onSharedAccount(after)
const kinds = Object.keys(links) as LinkKind[]
const off = { adds: 'off', removes: 'off', invalid: 'off', failures: 'off', shrunk: 'off' } as const

function runWith(s: LinkHarness, { activation }: Opened, more: Partial<Activation>): Promise<RunReport> {
  return runActivation({ ...activation, ...more }, s.account.ports, { allow: ['empty'] })
}

for (const kind of kinds) {
  test(`${kind}: a row that is back is delivered by the Run after one that was blocked`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(kind, { name: 'one', group: 0, behavior: 'attach' })
    await s.run(one, [1, 2])
    await s.letTimePass(day)
    await s.run(one, [2])
    s.byHand(one, 1, 'take off')
    await s.letTimePass(day)
    s.answer(one, [1, 2])
    const blocked = await runWith(s, one, { limits: { ...off, adds: { count: 0 } } })
    assert.deepEqual([blocked.status, s.holders(one)], ['blocked', [2]])
    const next = await s.run(one)
    assert.deepEqual([next.counts.delivered, s.holders(one)], [1, [1, 2]])
    assert.equal((await s.run(one)).status, 'shelved')
  })

  test(`${kind}: removals that all wait for another activation are not counted as removals`, async (t) => {
    const s = await account.begin(t)
    const [one, two] = [await s.open(kind, { name: 'one', group: 0 }), await s.open(kind, { name: 'two', group: 0 })]
    await s.run(one, [1, 2, 3, 4])
    await s.run(two, [1, 2, 3])
    await s.letTimePass(day)
    s.answer(one, [4])
    for (const round of [1, 2]) {
      const run = await runWith(s, one, { limits: { ...off, removes: { count: 1 } } })
      assert.deepEqual([run.fault, s.holders(one)], [undefined, [1, 2, 3, 4]], `round ${round}`)
    }
    await s.run(two, [])
    const blocked = await runWith(s, one, { limits: { ...off, removes: { count: 1 } } })
    assert.deepEqual(
      [blocked.status, blocked.fault?.code, s.holders(one)],
      ['blocked', 'guard-removes', [1, 2, 3, 4]],
      'nobody wants them any more',
    )
  })

  test(`${kind}: what a person took off and drift repair put back still comes off when its row leaves`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(kind, { name: 'one', group: 0, drift: 'repair' })
    await s.run(one, [1, 2])
    await s.letTimePass(day)
    s.byHand(one, 1, 'take off')
    await s.letTimePass(day)
    await s.run(one, [1, 2])
    assert.deepEqual(s.holders(one), [1, 2])
    await s.letTimePass(day)
    await s.run(one, [2])
    assert.deepEqual(s.holders(one), [2])
  })
}

for (const kind of kinds.filter((each) => 'groups' in links[each])) {
  test(`${kind}: what did not last of one record, put on and taken off, is put right by the next Run`, async (t) => {
    const s = await account.begin(t)
    const one = await s.open(kind, { name: 'one', group: 0 })
    const other = await s.open(kind, { name: 'other', group: 1 })
    await s.run(one, [1])
    await s.letTimePass(day)
    s.answer(one, [{ at: 1, groups: [other.group] }])
    const seen = s.everyChange(() => {
      s.byHand(one, 1)
      s.byHand(other, 1, 'take off')
    })
    const run = await runWith(s, one, { verify: 'full' })
    seen.end()
    assert.deepEqual(
      run.notices.map(({ code }) => code).filter((code) => code === 'read-back-failed'),
      [],
    )
    assert.ok((run.verified?.missing ?? 0) > 0, JSON.stringify(run.verified))
    await s.letTimePass(day)
    await s.run(one)
    assert.deepEqual([s.holders(other)], [[1]])
  })
}

test('a record whose row names no tag any more is not said to have one', async (t) => {
  const s = await account.begin(t)
  const one = await s.open('contact tags from a column', { name: 'one', group: 0 })
  await s.run(one, [1, 2])
  await s.letTimePass(day)
  await s.run(one, [{ at: 1, groups: [] }, 2])
  const now = async (record: string): Promise<string> => {
    const story = await readRecordStory(s.account.database.pool, 'one', record, new Map(Object.entries(behaviors)))
    return story === undefined ? '' : nowWords(story, String)
  }
  assert.deepEqual(s.holders(one), [2])
  assert.match(await now('c1'), /^The query no longer asks for it, and Run \d+ detached the tag/)
  assert.match(await now('c2'), /^The tag "[^"]+" is attached, since/)
})

test('who shares a tag is told what becomes of it, by the right name', async (t) => {
  const s = await account.begin(t)
  const [fixed, named, strip] = [
    await s.open('contact tags by id', { name: 'fixed', group: 0 }),
    await s.open('contact tags from a column', { name: 'named', group: 0 }),
    await s.open('contact tags by id', { name: 'strip', group: 0, behavior: 'detach' }),
  ]
  for (const opened of [fixed, named]) await s.run(opened, [1])
  const words = async (opened: Opened): Promise<string[]> =>
    (await s.plan(opened, opened === named ? [{ at: 1, groups: ['Blue'] }] : [1])).notices
      .filter(({ code }) => code === 'shared-group')
      .map(({ words: each }) => each)
  assert.deepEqual(await words(fixed), [
    '"fixed" and "named" (mirror) write to the same tag: "named" adds tag names from its rows, perhaps the same ones, to contacts of the same account. What one of them still requests is not removed.',
  ])
  assert.deepEqual(await words(named), [
    '"named" and "fixed" (mirror) write to the same tag: "fixed" adds tag names that the rows of "named" can also contain, to contacts of the same account. What one of them still requests is not removed.',
  ])
  assert.deepEqual(await words(strip), [
    '"strip" and "fixed" (mirror) write to the same tag: "fixed" adds the tag "Red" to contacts of the same account. "strip" also removes what the other one requests.',
    '"strip" and "named" (mirror) write to the same tag: "named" adds tag names from its rows, perhaps the same ones, to contacts of the same account. "strip" also removes what the other one requests.',
  ])
})

test('enforce takes the tag off everybody but those for whom another activation wants it', async (t) => {
  const s = await account.begin(t)
  const one = await s.open('contact tags by id', { name: 'one', group: 0, ownership: 'enforce' })
  for (const behavior of ['mirror', 'attach'] as const)
    await s.run(await s.open('contact tags by email', { name: `two ${behavior}`, group: 0, behavior }), [
      behavior === 'mirror' ? 3 : 4,
    ])
  s.byHand(one, 5)
  await s.letTimePass(day)
  await s.run(one, [1])
  assert.deepEqual(s.holders(one), [1, 3, 4])
  await s.letTimePass(day)
  assert.equal((await s.run(one)).requests.write, 0)
})

test('where each row asks for something else, slices are sent long before the whole Plan was read', async () => {
  const [lines, pageSize] = [50_000, 2000]
  let read = 0
  async function* pages(): AsyncGenerator<readonly PlannedOperation[]> {
    while (read < lines) {
      await Promise.resolve()
      const page = Array.from({ length: pageSize }, (_, index) => ({
        ordinal: read + index + 1,
        kind: 'attach',
        reason: 'new',
        groups: [`${read + index}`],
        certain: null,
        sent: null,
      }))
      read += pageSize
      yield page as unknown as PlannedOperation[]
    }
  }
  let sent = 0
  for await (const { operations } of slicesOf(pages(), 50)) {
    sent += operations.length
    assert.ok(read - sent <= 5000 + pageSize, `${read} read, ${sent} sent`)
  }
  assert.equal(sent, lines)
})
