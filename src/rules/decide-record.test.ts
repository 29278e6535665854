import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BehaviorPlan } from '../model/behavior.ts'
import { archive } from '../behaviors/archive.ts'
import { deleteRecords } from '../behaviors/delete.ts'
import { insert } from '../behaviors/insert.ts'
import { mirror } from '../behaviors/mirror.ts'
import { update } from '../behaviors/update.ts'
import { upsert } from '../behaviors/upsert.ts'
import type { Match } from '../model/observed.ts'
import { decideRecord, type RecordDifference, type RecordIntent, type RecordLine } from './decide-record.ts'
import { fingerprintsOf, withTried } from './fingerprints.ts'

const plans = {
  upsert: upsert.plan,
  update: update.plan,
  insert: insert.plan,
  delete: deleteRecords.plan,
  archive: archive.plan,
  mirror: mirror.forRecords?.plan as BehaviorPlan,
}
type Behavior = keyof typeof plans

const sent = { from: 1_000_000, to: 2_000_000 }

function match(fields: Match['fields'], more: Partial<Match> = {}): Match {
  return { targetId: 'T', label: 'Jane', fields, createdAt: 0, ...more }
}

/** A line in short: `update {"a":"x"}`, `reject not-found`, `skip in-place`, `update {"a":"x"} managed`. */
function short({ kind, code, note, set, managed }: RecordLine): string {
  return [kind, code ?? note ?? '', set === null ? '' : JSON.stringify(set), managed ? 'managed' : '']
    .filter((part) => part !== '')
    .join(' ')
}

function decide(
  behavior: Behavior,
  difference: Partial<RecordDifference>,
  matches: readonly Match[] | undefined,
  intent: Partial<RecordIntent> = {},
): string {
  const lines = decideRecord(
    {
      key: 'k',
      reason: 'new',
      desired: { a: 'x', b: null },
      was: undefined,
      wasOn: null,
      createdByUs: 'no',
      sent: null,
      ...difference,
    },
    matches && { matches },
    {
      plan: plans[behavior],
      ownership: 'respect',
      matches: 'one',
      changedRows: 'mark',
      onlyIfEmpty: new Set(),
      noun: { one: 'contact', many: 'contacts' },
      identifier: 'external_id',
      ...intent,
    },
  )
  return lines.map(short).join(' + ')
}

const settled = { was: fingerprintsOf({ a: 'w', b: null }), wasOn: 'T' }
const changed = { ...settled, reason: 'changed' as const }

/** Columns: a new row, target record absent or present; a changed row, target record present or gone; a removed row. */
const table: Readonly<
  Record<Behavior, readonly [absent: string, present: string, changed: string, changedAndGone: string, left: string]>
> = {
  upsert: [
    'upsert {"a":"x","b":null}',
    'update {"a":"x"}',
    'update {"a":"x"}',
    'upsert {"a":"x","b":null}',
    'skip nothing-to-do',
  ],
  update: ['reject not-found', 'update {"a":"x"}', 'update {"a":"x"}', 'reject not-found', 'skip nothing-to-do'],
  insert: [
    'create {"a":"x"}',
    'reject already-exists',
    'reject changed-after-insert',
    'reject changed-after-insert',
    'skip nothing-to-do',
  ],
  delete: ['reject not-found', 'delete', 'delete', 'reject not-found', 'skip nothing-to-do'],
  archive: ['reject not-found', 'archive', 'archive', 'reject not-found', 'skip nothing-to-do'],
  mirror: ['upsert {"a":"x","b":null}', 'update {"a":"x"}', 'update {"a":"x"}', 'upsert {"a":"x","b":null}', 'archive'],
}

for (const [behavior, [absent, present, changedPresent, changedAndGone, left]] of Object.entries(table) as [
  Behavior,
  (typeof table)[Behavior],
][]) {
  test(`${behavior}: its table, cell by cell`, () => {
    const there = [match({ a: 'w', b: '' })]
    assert.equal(decide(behavior, {}, []), absent, 'new row, absent')
    assert.equal(decide(behavior, {}, there), present, 'new row, present')
    assert.equal(decide(behavior, changed, there), changedPresent, 'changed row, present')
    assert.equal(decide(behavior, changed, []), changedAndGone, 'changed row, gone since')
    assert.equal(
      decide(behavior, { ...settled, reason: 'left', createdByUs: 'yes' }, there),
      left,
      'row gone from the query',
    )
    // An unchanged row is no Difference and never gets here. A rejected Record that is due counts as new.
    assert.equal(decide(behavior, { reason: 'retry' }, []), absent, 'retry, absent')
    assert.equal(decide(behavior, { reason: 'retry' }, there), present, 'retry, present')
  })
}

test('values that the Target already holds are not sent', () => {
  const there = [match({ a: 'x', b: '' })]
  for (const behavior of ['upsert', 'update', 'mirror'] as const)
    assert.equal(decide(behavior, {}, there), 'skip in-place')
  assert.equal(decide('upsert', { desired: {} }, there), 'skip in-place')
})

test('several matches are rejected as ambiguous with the candidates, or all are written if behavior and Activation allow it', () => {
  const two = [match({ a: 'x' }), match({ a: 'w' }, { targetId: 'U', label: 'Joe' })]
  for (const behavior of ['upsert', 'update', 'insert', 'delete', 'archive', 'mirror'] as const)
    assert.equal(decide(behavior, {}, two), 'reject ambiguous')
  const [line] = decideRecord(
    { key: 'k', reason: 'new', desired: {}, was: undefined, wasOn: null, createdByUs: 'no', sent: null },
    { matches: two },
    {
      plan: plans.update,
      ownership: 'respect',
      matches: 'one',
      changedRows: 'mark',
      onlyIfEmpty: new Set(),
      noun: { one: 'contact', many: 'contacts' },
      identifier: 'email',
    },
  )
  assert.match(line?.message ?? '', /2 .*email "k".*Jane \(id T\); Joe \(id U\).*matches: all/s)
  const all = { matches: 'all' as const }
  assert.equal(decide('upsert', {}, two, all), 'skip in-place + update {"a":"x"}')
  assert.equal(decide('insert', {}, two, all), 'reject ambiguous')
  assert.equal(decide('mirror', { reason: 'left', createdByUs: 'yes', wasOn: 'T' }, two, all), 'skip nothing-to-do')
})

test('an unconfirmed write is sent again unless a read shows it; a target record created while our create was sent is managed', () => {
  const unsure = { reason: 'unconfirmed' as const, sent, createdByUs: 'unconfirmed' as const }
  const managed = [match({ a: 'x', b: null }, { createdAt: 1500 })]
  const external = [match({ a: 'x', b: null }, { createdAt: 100 })]
  assert.equal(decide('upsert', unsure, []), 'upsert {"a":"x","b":null}')
  assert.equal(decide('upsert', unsure, managed), 'skip confirmed {"a":"x","b":null} managed')
  assert.equal(decide('upsert', unsure, external), 'skip in-place')
  assert.equal(decide('upsert', { ...unsure, desired: { a: 'y' } }, managed), 'update {"a":"y"} managed')
  assert.equal(decide('insert', unsure, []), 'create {"a":"x"}')
  assert.equal(decide('insert', unsure, managed), 'skip confirmed {"a":"x","b":null} managed')
  assert.equal(decide('insert', unsure, external), 'reject already-exists')
  // The unconfirmed write was not a create, so a young target record proves nothing.
  assert.equal(decide('upsert', { ...unsure, createdByUs: 'no' }, managed), 'skip in-place')
  for (const behavior of ['delete', 'archive'] as const) {
    assert.equal(decide(behavior, unsure, []), 'skip confirmed')
    assert.equal(decide(behavior, unsure, external), behavior)
  }
})

test('mirror archives a Record removed from the query only if it created the target record', () => {
  const left = { reason: 'left' as const, ...settled }
  assert.equal(decide('mirror', { ...left, createdByUs: 'no' }, [match({})]), 'skip nothing-to-do')
  assert.equal(decide('mirror', { ...left, createdByUs: 'yes' }, []), 'skip nothing-to-do')
  assert.equal(
    decide('mirror', { ...left, createdByUs: 'yes' }, [match({}, { targetId: 'another' })]),
    'skip nothing-to-do',
  )
  assert.equal(
    decide('mirror', { ...left, wasOn: null, createdByUs: 'unconfirmed', sent }, [match({}, { createdAt: 1500 })]),
    'archive',
  )
  assert.equal(
    decide('mirror', { ...left, wasOn: null, createdByUs: 'unconfirmed', sent }, [match({}, { createdAt: 100 })]),
    'skip nothing-to-do',
  )
})

test("after a write that got no answer, its value is replaced when the row has the former one again, and a person's edit stays", () => {
  // Settled with w, then x was sent without an answer, then the row has w again.
  const difference = {
    ...settled,
    was: withTried(settled.was, fingerprintsOf({ a: 'x', b: null })),
    reason: 'unconfirmed' as const,
    desired: { a: 'w', b: null },
    sent,
  }
  assert.deepEqual(
    ['x', 'w', 'by hand'].map((a) => decide('upsert', difference, [match({ a, b: null })])),
    ['update {"a":"w"}', 'skip in-place', 'skip in-place'],
  )
})

test("a person's edit stays unless the value of the row changed; enforce and a repair overwrite it", () => {
  const was = fingerprintsOf({ a: 'x', b: 'y' })
  const edited = [match({ a: 'edited', b: 'y' })]
  const other = { desired: { a: 'x', b: 'z' }, was, wasOn: 'T' }
  for (const behavior of ['upsert', 'update', 'mirror'] as const) {
    assert.equal(decide(behavior, { ...other, reason: 'changed' }, edited), 'update {"b":"z"}')
    assert.equal(decide(behavior, { ...other, reason: 'unconfirmed', sent }, edited), 'update {"b":"z"}')
    assert.equal(decide(behavior, { ...other, reason: 'retry' }, edited), 'update {"b":"z"}')
    assert.equal(
      decide(behavior, { ...other, reason: 'changed', desired: { a: 'new', b: 'y' } }, edited),
      'update {"a":"new"}',
    )
    assert.equal(
      decide(behavior, { ...other, reason: 'changed' }, edited, { ownership: 'enforce' }),
      'update {"a":"x","b":"z"}',
    )
    assert.equal(decide(behavior, { ...other, reason: 'unconfirmed', sent: null }, edited), 'update {"a":"x","b":"z"}')
  }
  // The identifier matches another target record now; what was settled on the old one does not count there.
  assert.equal(
    decide('upsert', { ...other, reason: 'changed' }, [match({ a: 'edited', b: 'y' }, { targetId: 'U' })]),
    'update {"a":"x","b":"z"}',
  )
  // A Field whose last write is unconfirmed does not count as settled.
  assert.equal(
    decide('upsert', { ...other, was: fingerprintsOf({ b: 'z' }), reason: 'unconfirmed', sent }, edited),
    'update {"a":"x"}',
  )
})

test('set only if empty', () => {
  const onlyIfEmpty = new Set(['a'])
  for (const [held, line] of [
    [null, 'update {"a":"x"}'],
    ['', 'update {"a":"x"}'],
    ['external', 'skip in-place'],
    [0, 'skip in-place'],
    [false, 'skip in-place'],
  ] as const) {
    assert.equal(decide('upsert', { desired: { a: 'x' } }, [match({ a: held })], { onlyIfEmpty }), line)
  }
  assert.equal(decide('upsert', { desired: { a: 'x' } }, [], { onlyIfEmpty }), 'upsert {"a":"x"}')
})

test('insert: changes are marked or ignored, without a call; a row that changed back is as it was', () => {
  assert.equal(decide('insert', changed, [match({})], { changedRows: 'ignore' }), 'skip nothing-to-do')
  assert.equal(decide('insert', { ...changed, desired: { a: 'w', b: null } }, [match({})]), 'skip nothing-to-do')
})

test('if the Target itself creates or updates, there is no lookup', () => {
  assert.equal(decide('upsert', {}, undefined), 'upsert {"a":"x","b":null}')
})
