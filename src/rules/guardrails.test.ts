import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judgeFailures, judgePlan, type Limits, type PlanFigures } from './guardrails.ts'

const limits: Limits = {
  adds: { share: 0.5 },
  removes: { share: 0.2 },
  invalid: { share: 0.05 },
  failures: { share: 0.1 },
  shrunk: { share: 0.5 },
}
const calm: PlanFigures = {
  removesWhatLeft: true,
  read: 1000,
  lastRead: 1000,
  invalid: 0,
  adds: 0,
  updates: 0,
  removes: 0,
  removesRecords: false,
  writes: 0,
  synced: 1000,
  wentThrough: true,
  population: undefined,
}
const rules = (figures: Partial<PlanFigures>, other: Partial<Limits> = {}) =>
  judgePlan({ ...calm, ...figures }, { ...limits, ...other }).map(({ rule }) => rule)

test('each rule binds above its limit, and not at it', () => {
  assert.deepEqual(rules({}), [])
  assert.deepEqual(rules({ adds: 500 }), [])
  assert.deepEqual(rules({ adds: 501 }), ['adds'])
  assert.deepEqual(rules({ removes: 200 }), [])
  assert.deepEqual(rules({ removes: 201 }), ['removes'])
  assert.deepEqual(rules({ invalid: 51 }), ['invalid'])
  assert.deepEqual(rules({ read: 499 }), ['shrunk'])
  assert.deepEqual(rules({ read: 0, removes: 1000 }), ['empty', 'removes'])
})

test('a share does not bind a first Run, nor a handful of records; a count always does, and off never', () => {
  assert.deepEqual(rules({ synced: 0, lastRead: undefined, adds: 1_000_000 }), [])
  assert.deepEqual(
    rules({ synced: 400, wentThrough: false, adds: 4600 }),
    [],
    'a first Run that was interrupted goes on',
  )
  assert.deepEqual(rules({ synced: 20, read: 40, lastRead: 21, adds: 19 }), [])
  assert.deepEqual(rules({ adds: 11 }, { adds: { count: 10 } }), ['adds'])
  assert.deepEqual(rules({ synced: 0, adds: 11 }, { adds: { count: 10 } }), ['adds'])
  assert.deepEqual(rules({ removes: 1000 }, { removes: 'off' }), [])
})

test('a query that shrinks is no matter to a behaviour that takes nothing off', () => {
  assert.deepEqual(rules({ removesWhatLeft: false, read: 0 }), [])
})

test('a share of the population binds where it is set, in a first Run as well', () => {
  assert.deepEqual(rules({ synced: 0, wentThrough: false, adds: 900, population: 1000, writes: 900 }), [])
  assert.deepEqual(
    rules({ synced: 0, wentThrough: false, adds: 900, writes: 900, population: 1000 }, { population: { share: 0.2 } }),
    ['population'],
  )
  assert.deepEqual(
    rules({ adds: 100, removes: 100, writes: 200, population: 1000 }, { population: { share: 0.2 } }),
    [],
  )
})

test('one of anything is one row, one record', () => {
  const words = (figures: Partial<PlanFigures>, other: Partial<Limits> = {}) =>
    judgePlan({ ...calm, ...figures }, { ...limits, ...other })[0]?.words
  const none = { count: 0 }
  assert.match(words({ read: 1, lastRead: 1000 }) ?? '', /^The query returned 1 row; /)
  assert.match(
    words({ read: 1, lastRead: 1, invalid: 1 }, { invalid: none }) ?? '',
    /^1 of 1 row could not become a record\./,
  )
  assert.match(words({ adds: 1 }, { adds: none }) ?? '', /^1 record would be added; /)
  assert.match(words({ updates: 1 }, { updates: none }) ?? '', /^1 record would be updated; /)
  assert.match(words({ removes: 1 }, { removes: none }) ?? '', /^1 record would be removed; /)
  assert.match(words({ read: 0, synced: 1, removes: 1 }) ?? '', /remove the one record that/)
  assert.match(
    words({ read: 0, synced: 200, removes: 19 }) ?? '',
    /of the 200 records that the Activation holds, 19 would be removed/,
  )
  assert.match(
    words({ read: 2, lastRead: 1000, removes: 2 }, { shrunk: 'off', removes: none }) ?? '',
    /^2 records would be removed; /,
  )
})

test('failures are judged after the first hundred answers', () => {
  assert.equal(judgeFailures(99, 99, limits.failures), undefined)
  assert.equal(judgeFailures(300, 30, limits.failures), undefined)
  assert.equal(judgeFailures(300, 31, limits.failures)?.rule, 'failures')
})
