import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide, unseen, type Difference, type Current } from './decide.ts'

const attach = { takesOff: false, removesWhatLeft: false }
const mirror = { takesOff: false, removesWhatLeft: true }
const detach = { takesOff: true, removesWhatLeft: false }

function difference(reason: Difference['reason'], desired: string[], managed: string[] = []): Difference {
  return { key: 'k', identity: { field: 'id', value: 'k' }, targetId: 'k', reason, desired, managed, sent: null }
}
function seen(held: string[], external: string[] = []): Current {
  return { held: new Set(held), external: new Set(external) }
}
const asks = ({ add, remove, inPlace, leftAlone }: ReturnType<typeof decide>) => [add, remove, inPlace, leftAlone].map((list) => list.join())

test('what is wanted and not held is added; what is held is in place; what nobody saw is sent', () => {
  assert.deepEqual(asks(decide(difference('new', ['a']), seen([]), attach, 'respect')), ['a', '', '', ''])
  assert.deepEqual(asks(decide(difference('new', ['a']), seen(['a']), attach, 'respect')), ['', '', 'a', ''])
  assert.deepEqual(asks(decide(difference('new', ['a']), unseen, attach, 'respect')), ['a', '', '', ''])
  assert.deepEqual(asks(decide(difference('unconfirmed', ['a'], ['a']), unseen, attach, 'respect')), ['a', '', '', ''])
})

test('only what is ours and still stands comes off, and a person keeps what is theirs unless it is enforced', () => {
  assert.deepEqual(asks(decide(difference('left', [], ['a', 'b']), seen(['a']), mirror, 'respect')), ['', 'a', '', ''])
  assert.deepEqual(asks(decide(difference('left', [], ['a']), seen(['a'], ['a']), mirror, 'respect')), ['', '', '', 'a'])
  assert.deepEqual(asks(decide(difference('left', [], ['a']), seen(['a'], ['a']), mirror, 'enforce')), ['', 'a', '', ''])
  assert.deepEqual(asks(decide(difference('left', [], ['a']), seen(['a']), attach, 'respect')), ['', '', '', ''])
})

test('a Record that asks for other tags swaps them, and does not get back one that a person took off', () => {
  assert.deepEqual(asks(decide(difference('changed', ['b'], ['a']), seen(['a']), mirror, 'respect')), ['b', 'a', '', ''])
  assert.deepEqual(asks(decide(difference('changed', ['a', 'b'], ['a']), seen([]), mirror, 'respect')), ['b', '', '', ''])
  assert.deepEqual(asks(decide(difference('changed', ['a', 'b'], ['a']), unseen, mirror, 'respect')), ['b', '', 'a', ''])
})

test('detach takes off what is there, and everything where nobody looked', () => {
  assert.deepEqual(asks(decide(difference('new', ['a', 'b']), seen(['b']), detach, 'respect')), ['', 'b', 'a', ''])
  assert.deepEqual(asks(decide(difference('new', ['a', 'b']), unseen, detach, 'respect')), ['', 'a,b', '', ''])
})
