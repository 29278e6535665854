import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { links, onSharedAccount, type LinkKind } from '../../../testing/shared-account/shared-account-links.ts'
import { day } from '../../../testing/shared-account/shared-account.ts'

const account = await onSharedAccount(after)
const fromColumn = (Object.keys(links) as LinkKind[]).filter((kind) => 'groups' in links[kind])

for (const kind of fromColumn) {
  for (const next of ['asks for another group', 'asks for none'] as const) {
    for (const end of ['leaves', 'asks for another group again'] as const) {
      test(`${kind}: a link of ours that a person removed, and adds again after the row ${next}, is theirs when the row ${end}`, async (t) => {
        const s = await account.begin(t)
        const one = await s.open(kind, { name: 'one', group: 0 })
        const other = await s.open(kind, { name: 'other', group: 1 })
        await s.run(one, [{ at: 1, groups: [one.group] }, 2])
        assert.deepEqual(s.holders(one), [1, 2])
        await s.letTimePass(day)
        s.byHand(one, 1, 'take off')
        await s.letTimePass(day)
        await s.run(one, [{ at: 1, groups: next === 'asks for none' ? [] : [other.group] }, 2])
        assert.deepEqual(s.holders(one), [2])
        await s.letTimePass(day)
        s.byHand(one, 1)
        await s.letTimePass(day)
        await s.run(one, end === 'leaves' ? [2] : [{ at: 1, groups: next === 'asks for none' ? [other.group] : [] }, 2])
        assert.deepEqual(s.holders(one), [1, 2])
      })
    }
  }
}
