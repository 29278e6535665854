import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyLedger, shareRate, type RateAsk, type RateLedger } from './rate-share.ts'

const hour = 3_600_000
const at = 1_700_000_000_000
const windowMs = 10_000

function asking(holder: string, more: Partial<RateAsk> = {}): RateAsk {
  return { holder, windowMs, reserve: 0, assumed: 100, want: 20, need: 20, active: 0, owed: 0, ...more }
}

/** The ledger after another holder has just reported that it used up the window. */
function usedUp(now: number): RateLedger {
  const reported = { limit: 100, window: { reset: now + 9_000, left: 0, endsInMs: 9_000, used: 100 } }
  return shareRate(emptyLedger, asking('other', { reported, active: 10 }), now).ledger
}

test('nothing goes into a window that is used up until it has ended; then a probe does', () => {
  const ledger = usedUp(at)
  assert.equal(shareRate(ledger, asking('one'), at + 8_900).grant.permits, 0)
  assert.equal(shareRate(ledger, asking('one'), at + 9_000).grant.permits, 1)
})

for (const step of [hour, 2 * windowMs]) {
  test(`a ledger's clock that is set back by ${step} ms holds nobody up, and no dead holder alive`, () => {
    const { ledger, grant } = shareRate(usedUp(at), asking('one'), at - step)
    assert.equal(grant.permits, 1)
    assert.ok(grant.againMs < windowMs, `${grant.againMs}`)
    const reported = { limit: 100, window: { reset: at + 19_000, left: 99, endsInMs: 9_900, used: 1 } }
    const next = shareRate(ledger, asking('one', { reported }), at - step + 100)
    assert.deepEqual(Object.keys(next.ledger.holders), ['one'])
    assert.equal(next.grant.permits, 20)
  })
}

test('where windows have no names, a clock that is set back begins a new count', () => {
  const reported = { limit: 100 }
  const { ledger } = shareRate(emptyLedger, asking('one', { reported }), at)
  const later = shareRate(ledger, asking('one', { reported }), at - hour)
  assert.ok((later.ledger.endsAt ?? 0) <= at - hour + windowMs, `${later.ledger.endsAt}`)
})

test('what one who leaves has used still counts in its window, and nothing else of it is kept', () => {
  const window = { reset: at + 9_000, left: 60, endsInMs: 9_000, used: 40 }
  const { ledger } = shareRate(
    emptyLedger,
    asking('gone', { reported: { limit: 100, window }, want: 0, need: 0, leaves: true }),
    at,
  )
  assert.deepEqual([Object.keys(ledger.holders), ledger.usedByGone], [[], 40])
  // Half of the limit is reserved for other apps: 10 requests remain for us.
  const { grant } = shareRate(ledger, asking('one', { reserve: 0.5 }), at + 8_000)
  assert.equal(grant.permits, 10)
  const next = { limit: 100, window: { reset: at + 19_000, left: 99, endsInMs: 9_000, used: 1 } }
  assert.equal(shareRate(ledger, asking('one', { reported: next }), at + 10_000).ledger.usedByGone, undefined)
})

test('one who leaves while it has something on its way, or lost, is kept until that is over', () => {
  for (const open of [{ active: 1 }, { owed: 1 }]) {
    assert.deepEqual(
      Object.keys(
        shareRate(emptyLedger, asking('one', { want: 0, need: 0, leaves: true, ...open }), at).ledger.holders,
      ),
      ['one'],
    )
  }
})
