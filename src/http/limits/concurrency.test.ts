import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  afterBusyAnswer,
  afterGoodAnswer,
  leavePlace,
  occupyPlace,
  placeFreeAt,
  startConcurrency,
  type Concurrency,
} from './concurrency.ts'

const allowedIn = (c: Concurrency): number => {
  let most = 0
  for (let each = { ...c, inFlight: 0 }; placeFreeAt(each) < Infinity; each = occupyPlace(each)) most += 1
  return most
}

test('a busy answer halves the requests in flight once, however many of them are answered so', () => {
  let c = startConcurrency(16)
  for (let n = 0; n < 16; n += 1) c = occupyPlace(c)
  assert.equal(placeFreeAt(c), Infinity)
  for (let n = 0; n < 4; n += 1) c = afterBusyAnswer(leavePlace(c), { at: 100 + n, sentAt: 50, pauseMs: 20 })
  assert.equal(allowedIn(c), 8)
  assert.equal(placeFreeAt(c), Infinity, '12 are still in flight')
  for (let n = 0; n < 5; n += 1) c = leavePlace(c)
  assert.equal(placeFreeAt(c), 120)
  c = afterBusyAnswer(c, { at: 200, sentAt: 150, pauseMs: 20 })
  assert.equal(allowedIn(c), 4)
})

test('one remains, whatever the Target says', () => {
  let c = startConcurrency(3)
  for (let at = 1; at < 10; at += 1) c = afterBusyAnswer(c, { at, sentAt: at, pauseMs: 0 })
  assert.equal(allowedIn(c), 1)
})

test('each round of good answers allows one more, up to the maximum; answers to earlier requests do not count', () => {
  let c = afterBusyAnswer(startConcurrency(16), { at: 100, sentAt: 50, pauseMs: 0 })
  for (let n = 0; n < 100; n += 1) c = afterGoodAnswer(c, 99)
  assert.equal(allowedIn(c), 8)
  for (let n = 0; n < 9; n += 1) c = afterGoodAnswer(c, 101)
  assert.equal(allowedIn(c), 9)
  for (let n = 0; n < 200; n += 1) c = afterGoodAnswer(c, 101)
  assert.equal(allowedIn(c), 16)
})
