import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Change } from '../model/change.ts'
import type { ObservedGroup } from '../model/observed.ts'
import { invert, type Inverse } from './undo.ts'

const wrote = { from: 1_000_000, to: 1_000_000 }
const added: Change = { key: 'k', kind: 'attach', targetId: 'x', group: 'a', laterRun: null, wrote }
const removed: Change = { ...added, kind: 'detach' }
const own: ObservedGroup = { id: 'a', appliedAt: 1000 }
const external: ObservedGroup = { id: 'a', appliedAt: 2000 }

interface Row {
  readonly what: string
  readonly change: Change
  /** The groups of the target record now; null: it no longer exists. */
  readonly seen: readonly ObservedGroup[] | null
  readonly isDesiredElsewhere?: boolean
  readonly inverse: Inverse
}

const table: readonly Row[] = [
  { what: 'an added link that is still there is removed', change: added, seen: [{ id: 'b' }, own], inverse: 'detach' },
  { what: 'a link of a Target that reports no time is removed', change: added, seen: [{ id: 'a' }], inverse: 'detach' },
  { what: 'an added link that is gone', change: added, seen: [{ id: 'b' }], inverse: 'nothing-to-do' },
  {
    what: 'an added link on a target record that no longer exists',
    change: added,
    seen: null,
    inverse: 'nothing-to-do',
  },
  { what: 'an added link that a person added again since', change: added, seen: [external], inverse: 'external' },
  {
    what: 'an added link that a later Run changed',
    change: { ...added, laterRun: 9 },
    seen: [own],
    inverse: 'later-run',
  },
  {
    what: 'a later Run comes before a person',
    change: { ...added, laterRun: 9 },
    seen: [external],
    inverse: 'later-run',
  },
  {
    what: 'an added link that is gone, after a later Run',
    change: { ...added, laterRun: 9 },
    seen: [],
    inverse: 'nothing-to-do',
  },
  {
    what: 'an added link that others desire',
    change: added,
    seen: [own],
    isDesiredElsewhere: true,
    inverse: 'wanted-elsewhere',
  },
  {
    what: 'an added link that a person added again and others desire',
    change: added,
    seen: [external],
    isDesiredElsewhere: true,
    inverse: 'external',
  },
  { what: 'a removed link that is still off is added again', change: removed, seen: [{ id: 'b' }], inverse: 'attach' },
  { what: 'a removed link that is back', change: removed, seen: [external], inverse: 'nothing-to-do' },
  {
    what: 'a removed link of a target record that no longer exists',
    change: removed,
    seen: null,
    inverse: 'nothing-to-do',
  },
  {
    what: 'a removed link that a later Run changed',
    change: { ...removed, laterRun: 9 },
    seen: [],
    inverse: 'later-run',
  },
]

for (const { what, change, seen, isDesiredElsewhere, inverse } of table) {
  test(`undo of ${change.kind}: ${what}: ${inverse}`, () => {
    assert.equal(invert(change, seen, isDesiredElsewhere), inverse)
  })
}
