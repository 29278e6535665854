import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginAsk, endAsk, permitsAt, startLease } from './budget-lease.ts'
import { beginSlotAsk, endSlotAsk, nextSlotAt, startSlotLease } from './slot-lease.ts'
import type { SlotRules } from './slot-rules.ts'

const windowMs = 10_000

test('permits that expire while the budget is asked stay expired: others may have got them', () => {
  const demand = { windowMs, need: 10, exact: false, flying: 0, concurrency: 10 }
  const granted = endAsk(beginAsk(startLease(0, 10), demand, 0).lease, { permits: 10, againMs: 0 }, 0, windowMs, 0)
  const asking = beginAsk(granted, demand, 4_900).lease
  assert.equal(permitsAt(endAsk(asking, { permits: 0, againMs: 0 }, 10, windowMs, 4_990), 5_500), 10)
  assert.equal(permitsAt(endAsk(asking, { permits: 1, againMs: 0 }, 10, windowMs, 6_500), 6_500), 1)
})

test('so do slots of a rolling window', () => {
  const rules: SlotRules = { kind: 'rolling window', perMs: windowMs, requests: 100, reserve: 0 }
  const demand = { need: 10, flying: 0, concurrency: 10 }
  const grant = { slots: [[0, 10]] as const, againMs: 0, freeInMs: 0, limit: 100, left: 90 }
  const granted = endSlotAsk(beginSlotAsk(startSlotLease(0, 10, 0), rules, demand, 0).lease, rules, grant, 0, 0)
  const asking = beginSlotAsk(granted, rules, demand, 4_900).lease
  const nothing = { ...grant, slots: [] }
  assert.equal(nextSlotAt(endSlotAsk(asking, rules, nothing, 10, 4_990), 5_500), 0)
  assert.equal(nextSlotAt(endSlotAsk(asking, rules, nothing, 10, 6_500), 6_500), Infinity)
})
