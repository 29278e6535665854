import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, Managed } from '../../model/entry.ts'
import type { OperationKind, PlannedKind } from '../../model/operation.ts'
import type { Outcome } from '../../model/outcome.ts'
import { ledgerLine, needsHistory, settle } from './settle.ts'
import { keptLedgerLine, settleKept } from './settle-kept.ts'
import { noHistory, type Answered, type History, type KeptLine, type SettledLine } from './settled-line.ts'
import { interrupted, unverified } from './unconfirmed.ts'

const run = { runId: 7, at: 10_000 }
const hour = 3_600_000
/** Fingerprints of two Fields, as `a` and `b` were settled. */
const [a, b, b2] = ['a'.repeat(22), 'b'.repeat(22), 'B'.repeat(22)]
/** `b2` of a write that got no clear answer. */
const tried = `~${b2.slice(1)}`

/** Entries of a whole record. */
const synced: Entry = {
  state: 'synced',
  present: true,
  returned: false,
  desired: 'w',
  managed: 'no',
  tries: 0,
  retryAt: null,
  runId: 7,
  sent: null,
  targetId: null,
  fingerprints: null,
}
const managed: Entry = { ...synced, managed: 'yes' }
const unconfirmed = (isManaged: Managed, from = 9000, to = 10_000): Entry => ({
  ...synced,
  state: 'unconfirmed',
  managed: isManaged,
  sent: { from, to },
})
const earlier = (entry: Entry): Entry => ({ ...entry, runId: 3 })

/** Entries of a link: it has no fingerprint of what it asks for. */
const syncedLink: Entry = { ...synced, desired: null }
const managedLink: Entry = { ...managed, desired: null }
const unconfirmedLink = (isManaged: Managed, from?: number, to?: number): Entry => ({
  ...unconfirmed(isManaged, from, to),
  desired: null,
})

type More = Partial<Omit<SettledLine, 'kind'>>

/** The line of a whole record, or, for `attach` and `detach`, of its link to `t1`. */
function lineOf<Kind extends PlannedKind>(kind: Kind, more: More = {}): SettledLine<Kind> {
  const isLink = kind === 'attach' || kind === 'detach'
  return {
    ordinal: 1,
    key: 'k',
    group: isLink ? 't1' : '',
    reason: 'new',
    certain: true,
    managed: false,
    desired: isLink ? null : 'w',
    forgetsWhenDone: false,
    parts: 1,
    sent: null,
    targetId: null,
    before: null,
    asks: null,
    fingerprints: null,
    ...more,
    kind,
  }
}

const delivered = { status: 'delivered' } as const
const inPlace = { status: 'in-place' } as const
const lost = { status: 'unconfirmed', code: 'timeout', message: 'No answer.' } as const
const onHold = { status: 'on-hold', code: 'rate-limited', message: 'Later.' } as const
const rejected = (code: 'not-found' | 'conflict' | 'invalid-value') =>
  ({ status: 'rejected', code, message: 'No.' }) as const

interface Row {
  readonly what: string
  readonly before?: Entry
  readonly kind: OperationKind
  readonly line?: More
  readonly outcome: Outcome
  readonly history?: Partial<History>
  /** The Entry that results; null: forgotten; 'as before'. */
  readonly entry: Entry | null | 'as before'
}

const left = { reason: 'left' } as const
const undo = { reason: 'undo', forgetsWhenDone: true } as const
const added: Partial<History> = { lastAddition: { from: 1, to: 2 } }

// prettier-ignore
const links: readonly Row[] = [
  // Added and removed.
  { what: 'an added link is managed', kind: 'attach', outcome: delivered, entry: managedLink },
  { what: 'a link that existed, as the answer says, is not managed', kind: 'attach', outcome: { ...delivered, effect: 'nothing' }, entry: syncedLink },
  { what: 'a link that may have existed is not managed', kind: 'attach', line: { certain: false }, outcome: delivered, entry: syncedLink },
  { what: 'a link that may have existed is not managed, whatever the answer says', kind: 'attach', line: { certain: false }, outcome: { ...delivered, effect: 'created' }, entry: syncedLink },
  { what: 'a link that is in place is not managed', kind: 'attach', outcome: inPlace, entry: syncedLink },
  { what: 'a managed link that is in place stays managed', before: earlier(managedLink), kind: 'attach', outcome: inPlace, entry: managedLink },
  { what: 'a removed link is not managed', before: managedLink, kind: 'detach', outcome: delivered, entry: syncedLink },
  { what: 'a link that was already off is not managed either', before: managedLink, kind: 'detach', outcome: { ...inPlace, effect: 'nothing' }, entry: syncedLink },
  { what: 'a link that may have been off is not managed either', before: managedLink, kind: 'detach', line: { certain: false }, outcome: delivered, entry: syncedLink },
  { what: 'the target record is remembered', kind: 'attach', outcome: { ...delivered, targetId: 'x' }, entry: { ...managedLink, targetId: 'x' } },
  { what: 'an answer without an id leaves the planned target record', kind: 'attach', line: { targetId: 'x' }, outcome: delivered, entry: { ...managedLink, targetId: 'x' } },
  { what: 'it has no values, whatever its line says', kind: 'attach', line: { desired: 'w', fingerprints: a }, outcome: delivered, entry: managedLink },
  // Removed from the query.
  { what: 'a removed link that left the query is forgotten', before: managedLink, kind: 'detach', line: left, outcome: delivered, entry: null },
  { what: 'a link that was already off is forgotten', before: managedLink, kind: 'detach', line: left, outcome: inPlace, entry: null },
  { what: 'on hold, it is as before', before: managedLink, kind: 'detach', line: left, outcome: onHold, entry: 'as before' },
  { what: 'on hold, a new link gets no Entry', kind: 'attach', outcome: onHold, entry: 'as before' },
  { what: 'after a rejected removal it is still managed', before: managedLink, kind: 'detach', line: left, outcome: rejected('invalid-value'), entry: { ...managedLink, state: 'rejected', tries: 1 } },
  { what: 'a removal that is rejected again waits longer', before: { ...managedLink, tries: 1 }, kind: 'detach', line: left, outcome: rejected('conflict'), entry: { ...managedLink, state: 'rejected', tries: 2, retryAt: 10_000 + hour } },
  { what: 'a link that left the query stays absent', before: { ...managedLink, present: false }, kind: 'detach', line: left, outcome: lost, entry: { ...managedLink, state: 'unconfirmed', present: false } },
  // No clear answer.
  { what: 'an unconfirmed addition counts as managed', kind: 'attach', outcome: lost, entry: unconfirmedLink('yes') },
  { what: 'an unconfirmed addition of a link that may have existed does not', kind: 'attach', line: { certain: false }, outcome: lost, entry: unconfirmedLink('no') },
  { what: 'an unconfirmed addition of a link that may have existed leaves a managed one managed', before: earlier(managedLink), kind: 'attach', line: { certain: false }, outcome: lost, entry: unconfirmedLink('yes') },
  { what: 'a second unconfirmed addition is judged by its own time', before: earlier(unconfirmedLink('yes', 5, 6)), kind: 'attach', line: { reason: 'unconfirmed' }, outcome: lost, entry: unconfirmedLink('yes') },
  { what: 'an unconfirmed addition that proves to be external is not managed any more', before: unconfirmedLink('yes'), kind: 'attach', line: { reason: 'unconfirmed' }, outcome: { ...inPlace, effect: 'nothing' }, entry: syncedLink },
  { what: 'an unconfirmed addition that proves to be by us is managed', before: earlier(unconfirmedLink('yes')), kind: 'attach', line: { reason: 'unconfirmed' }, outcome: { ...delivered, effect: 'created' }, entry: managedLink },
  { what: 'an unconfirmed removal is judged by the last addition', before: managedLink, kind: 'detach', outcome: lost, history: added, entry: unconfirmedLink('yes', 1, 2) },
  { what: 'after an unconfirmed removal, an unconfirmed addition may still be there', before: earlier(unconfirmedLink('yes', 5, 6)), kind: 'detach', outcome: lost, history: added, entry: earlier(unconfirmedLink('yes', 5, 6)) },
  { what: 'an unconfirmed removal of a drifted link is judged by the last addition', before: earlier({ ...unconfirmedLink('yes'), sent: null }), kind: 'detach', outcome: lost, history: added, entry: unconfirmedLink('yes', 1, 2) },
  { what: 'an unconfirmed removal of a link that was never managed is judged by when it was sent', kind: 'detach', outcome: lost, history: added, entry: unconfirmedLink('no') },
  // Rejections.
  { what: 'a rejection that may pass is due in the next Run', kind: 'attach', outcome: rejected('not-found'), entry: { ...syncedLink, state: 'rejected', tries: 1, retryAt: 10_000 } },
  { what: 'after the second rejection it is due after an hour', before: { ...syncedLink, state: 'rejected', tries: 1 }, kind: 'attach', outcome: rejected('conflict'), entry: { ...syncedLink, state: 'rejected', tries: 2, retryAt: 10_000 + hour } },
  { what: 'the pause doubles with each rejection', before: { ...syncedLink, state: 'rejected', tries: 4 }, kind: 'attach', outcome: rejected('conflict'), entry: { ...syncedLink, state: 'rejected', tries: 5, retryAt: 10_000 + 8 * hour } },
  { what: 'the pause is at most seven days', before: { ...syncedLink, state: 'rejected', tries: 60 }, kind: 'attach', outcome: rejected('conflict'), entry: { ...syncedLink, state: 'rejected', tries: 61, retryAt: 10_000 + 168 * hour } },
  { what: 'another rejection waits for a person', kind: 'attach', line: { targetId: 'x' }, outcome: rejected('invalid-value'), entry: { ...syncedLink, state: 'rejected', tries: 1, targetId: 'x' } },
  { what: 'a target record that is gone is not remembered', before: { ...syncedLink, targetId: 'x' }, kind: 'attach', line: { targetId: 'x' }, outcome: rejected('not-found'), entry: { ...syncedLink, state: 'rejected', tries: 1, retryAt: 10_000 } },
  { what: 'a delivery ends the rejections', before: { ...syncedLink, state: 'rejected', tries: 4, retryAt: 5 }, kind: 'attach', line: { reason: 'retry' }, outcome: delivered, entry: managedLink },
  // Undone.
  { what: 'an undo that the Target rejects leaves the Entry', before: managedLink, kind: 'detach', line: undo, outcome: rejected('invalid-value'), entry: 'as before' },
  { what: 'an undo forgets the link that it removes', before: managedLink, kind: 'detach', line: undo, outcome: delivered, entry: null },
  { what: 'an undo forgets a link that it finds off', before: managedLink, kind: 'detach', line: undo, outcome: inPlace, entry: null },
  { what: 'a link that an undo adds again is managed', before: syncedLink, kind: 'attach', line: { reason: 'undo' }, outcome: delivered, entry: managedLink },
  { what: 'an unconfirmed undo is judged by the last addition', before: managedLink, kind: 'detach', line: undo, outcome: lost, history: added, entry: unconfirmedLink('yes', 1, 2) },
  // Flags that settlement does not decide.
  { what: 'once settled, it is not one that came back', before: { ...syncedLink, returned: true }, kind: 'attach', outcome: delivered, entry: managedLink },
]

// prettier-ignore
const records: readonly Row[] = [
  // Created and updated.
  { what: 'a created target record is managed', kind: 'create', line: { fingerprints: a }, outcome: { ...delivered, effect: 'created', targetId: 'x' }, entry: { ...managed, targetId: 'x', fingerprints: a } },
  { what: 'a target record that existed is not managed', kind: 'upsert', line: { fingerprints: a }, outcome: { ...delivered, effect: 'changed', targetId: 'x' }, entry: { ...synced, targetId: 'x', fingerprints: a } },
  { what: 'without a word that it was created, it is not managed', kind: 'upsert', line: { fingerprints: a }, outcome: { ...delivered, targetId: 'x' }, entry: { ...synced, targetId: 'x', fingerprints: a } },
  { what: 'a target record that was created without one of its values is managed', kind: 'upsert', line: { fingerprints: a }, outcome: { ...rejected('invalid-value'), effect: 'created' }, entry: { ...managed, state: 'rejected', tries: 1 } },
  { what: 'an unconfirmed create is marked as such', kind: 'create', line: { fingerprints: a }, outcome: lost, entry: unconfirmed('unconfirmed') },
  { what: 'the first of two unconfirmed creates may have succeeded', before: earlier(unconfirmed('unconfirmed', 1, 2)), kind: 'create', line: { fingerprints: a }, outcome: lost, entry: unconfirmed('unconfirmed', 1) },
  { what: 'a target record restored from the archive is external', kind: 'upsert', line: { fingerprints: a }, outcome: { ...delivered, effect: 'restored' }, entry: { ...synced, fingerprints: a } },
  { what: 'a target record restored from the archive is managed if we archived it', kind: 'upsert', line: { fingerprints: a }, outcome: { ...delivered, effect: 'restored' }, history: { archivedByUs: true }, entry: { ...managed, fingerprints: a } },
  { what: 'an update of what our unconfirmed create made: managed', before: earlier(unconfirmed('unconfirmed')), kind: 'update', line: { managed: true, fingerprints: a, targetId: 'x' }, outcome: delivered, entry: { ...managed, targetId: 'x', fingerprints: a } },
  { what: 'an update of what our unconfirmed create did not make: external', before: earlier(unconfirmed('unconfirmed')), kind: 'update', line: { fingerprints: a, targetId: 'x' }, outcome: delivered, entry: { ...synced, targetId: 'x', fingerprints: a } },
  { what: 'an update leaves a managed target record managed', before: { ...managed, targetId: 'x', fingerprints: a }, kind: 'update', line: { fingerprints: b, targetId: 'x' }, outcome: delivered, entry: { ...managed, targetId: 'x', fingerprints: b } },
  { what: 'another target record is not managed because the earlier one was', before: { ...managed, targetId: 'x', fingerprints: a }, kind: 'update', line: { fingerprints: a, targetId: 'y' }, outcome: delivered, entry: { ...synced, targetId: 'y', fingerprints: a } },
  { what: 'a managed target record whose id was unknown stays managed', before: managed, kind: 'update', line: { fingerprints: a, targetId: 'x' }, outcome: delivered, entry: { ...managed, targetId: 'x', fingerprints: a } },
  { what: 'after an unconfirmed update, its Fields may hold the settled values or the new ones', before: { ...synced, targetId: 'x', fingerprints: a + b }, kind: 'update', line: { fingerprints: a + b2, targetId: 'x' }, outcome: lost, entry: { ...unconfirmed('no'), targetId: 'x', fingerprints: a + b + tried } },
  { what: 'a Record on hold is as before', before: earlier({ ...managed, targetId: 'x', fingerprints: a }), kind: 'update', line: { fingerprints: b, targetId: 'x' }, outcome: onHold, entry: 'as before' },
  // Rejections.
  { what: 'a rejection that does not pass waits for the row', kind: 'update', line: { fingerprints: a, targetId: 'x' }, outcome: rejected('invalid-value'), entry: { ...synced, state: 'rejected', tries: 1, targetId: 'x' } },
  { what: 'a target record that is gone is not remembered', before: { ...synced, targetId: 'x', fingerprints: a }, kind: 'update', line: { fingerprints: a, targetId: 'x' }, outcome: rejected('not-found'), entry: { ...synced, state: 'rejected', tries: 1, retryAt: 10_000, fingerprints: a } },
  // Removed.
  { what: 'an unconfirmed delete leaves what is known of the Fields', before: { ...managed, targetId: 'x', fingerprints: a }, kind: 'delete', line: { ...left, targetId: 'x' }, outcome: lost, entry: { ...unconfirmed('yes'), targetId: 'x', fingerprints: a } },
  { what: 'after an unconfirmed archive, an unconfirmed create may still be there', before: earlier({ ...unconfirmed('unconfirmed', 5, 6), targetId: 'x' }), kind: 'archive', line: { ...left, targetId: 'x' }, outcome: lost, entry: earlier({ ...unconfirmed('unconfirmed', 5, 6), targetId: 'x' }) },
  { what: 'a deleted target record of a new Record is not managed', kind: 'delete', line: { targetId: 'x' }, outcome: delivered, entry: { ...synced, targetId: 'x' } },
  { what: 'a deleted target record is not managed any more', before: { ...managed, targetId: 'x' }, kind: 'delete', line: { managed: true, targetId: 'x' }, outcome: delivered, entry: { ...synced, targetId: 'x' } },
  { what: 'a Record that left the query is forgotten once it is archived', before: { ...managed, targetId: 'x' }, kind: 'archive', line: { ...left, managed: true, targetId: 'x' }, outcome: delivered, entry: null },
  { what: 'a Record that left the query stays as before while its archiving is on hold', before: { ...managed, targetId: 'x' }, kind: 'archive', line: { ...left, managed: true, targetId: 'x' }, outcome: onHold, entry: 'as before' },
  { what: 'a Record that left the query is still managed if its archiving is rejected', before: { ...managed, targetId: 'x' }, kind: 'archive', line: { ...left, managed: true, targetId: 'x' }, outcome: rejected('invalid-value'), entry: { ...managed, state: 'rejected', tries: 1, targetId: 'x' } },
  { what: 'a target record that was managed is managed again once restored', before: { ...synced, targetId: 'x' }, kind: 'restore', line: { reason: 'undo', managed: true, targetId: 'x' }, outcome: delivered, entry: { ...managed, targetId: 'x' } },
  { what: 'a restored target record that was external stays external', before: { ...synced, targetId: 'x' }, kind: 'restore', line: { reason: 'undo', targetId: 'x' }, outcome: delivered, entry: { ...synced, targetId: 'x' } },
  // Undone.
  { what: 'an undo that the Target rejects leaves the Entry', before: managed, kind: 'archive', line: { ...undo, managed: true }, outcome: rejected('invalid-value'), entry: 'as before' },
  { what: 'an undo forgets a Record of which nothing is managed any more', before: managed, kind: 'archive', line: { ...undo, managed: true }, outcome: delivered, entry: null },
  { what: 'an undo forgets a Record that was never managed', before: { ...synced, fingerprints: a }, kind: 'update', line: undo, outcome: delivered, entry: null },
  { what: 'a managed target record whose values an undo restores counts as never settled', before: { ...managed, targetId: 'x', fingerprints: a }, kind: 'update', line: { ...undo, targetId: 'x' }, outcome: delivered, entry: { ...managed, targetId: 'x', desired: null } },
  { what: 'an unconfirmed create is over once the target record is archived', before: unconfirmed('unconfirmed'), kind: 'archive', line: { ...undo, managed: true }, outcome: delivered, entry: null },
  { what: 'a managed target record that an undo archives as external counts as never settled', before: { ...managed, fingerprints: a }, kind: 'archive', line: undo, outcome: delivered, entry: { ...managed, desired: null } },
  { what: 'an unconfirmed create is not over once other values are undone', before: { ...unconfirmed('unconfirmed'), fingerprints: a }, kind: 'update', line: { ...undo, managed: true }, outcome: delivered, entry: { ...unconfirmed('unconfirmed'), desired: null } },
  // Several target records of one Record, each with a line.
  { what: 'not all lines are answered yet', kind: 'update', line: { parts: 2, fingerprints: a }, outcome: delivered, entry: { ...synced, desired: null } },
  { what: 'all lines are answered', kind: 'update', line: { parts: 2, fingerprints: a }, outcome: delivered, history: { done: 1 }, entry: { ...synced, fingerprints: a } },
  { what: 'of several target records none is remembered', kind: 'update', line: { parts: 2, fingerprints: a, targetId: 'x' }, outcome: { ...delivered, targetId: 'x' }, history: { done: 1 }, entry: { ...synced, fingerprints: a } },
  { what: 'a part that the Plan rejected rejects the Record', kind: 'update', line: { parts: 2, fingerprints: a }, outcome: delivered, history: { isRejectedInPart: true }, entry: { ...synced, state: 'rejected', tries: 1, retryAt: 10_000 } },
  { what: 'if the Target rejects the other part, too, the Record is retried all the same', before: { ...synced, tries: 1 }, kind: 'update', line: { parts: 2 }, outcome: rejected('invalid-value'), history: { isRejectedInPart: true }, entry: { ...synced, state: 'rejected', tries: 2, retryAt: 10_000 + hour } },
  { what: 'a rejected part without known values leaves the Record different', kind: 'delete', line: { parts: 2 }, outcome: rejected('conflict'), entry: { ...synced, state: 'rejected', tries: 1, retryAt: 10_000, desired: null } },
  { what: 'a rejected part with known values waits for the row', kind: 'update', line: { parts: 2, fingerprints: a }, outcome: rejected('invalid-value'), entry: { ...synced, state: 'rejected', tries: 1 } },
  { what: 'the target record that failed decides the state of the Record', before: { ...synced, state: 'rejected', tries: 1 }, kind: 'update', line: { parts: 2, fingerprints: a }, outcome: delivered, history: { done: 1 }, entry: 'as before' },
  // Flags that settlement does not decide.
  { what: 'once settled, it is not one that came back', before: { ...synced, returned: true }, kind: 'update', line: { fingerprints: a }, outcome: delivered, entry: { ...synced, fingerprints: a } },
  { what: 'a Record that left the query stays absent', before: { ...managed, present: false }, kind: 'archive', line: { ...left, managed: true }, outcome: lost, entry: { ...unconfirmed('yes'), present: false } },
]

for (const [name, table] of [
  ['link', links],
  ['record', records],
] as const) {
  for (const { what, before, kind, line, outcome, history, entry } of table) {
    test(`settled ${name}, ${outcome.status} (${kind}): ${what}`, () => {
      const answered: Answered = { line: lineOf(kind, line), outcome, markedAt: 9000 }
      assert.deepEqual(
        settle(before, [answered], { ...noHistory, ...history }, run),
        entry === 'as before' ? before : entry,
      )
    })
  }
}

test('without a mark, an unconfirmed write was sent now', () => {
  for (const kind of ['attach', 'update'] as const) {
    assert.deepEqual(settle(undefined, [{ line: lineOf(kind), outcome: lost, markedAt: null }], noHistory, run)?.sent, {
      from: 10_000,
      to: 10_000,
    })
  }
})

test('of several answers about one Record in one settlement, the worst decides', () => {
  const answered = (outcome: Outcome): Answered => ({
    line: lineOf('update', { parts: 2, fingerprints: a }),
    outcome,
    markedAt: 9000,
  })
  assert.equal(
    settle(undefined, [answered(delivered), answered(rejected('conflict'))], noHistory, run)?.state,
    'rejected',
  )
  assert.equal(settle(undefined, [answered(delivered), answered(lost)], noHistory, run)?.state, 'unconfirmed')
  assert.equal(settle(undefined, [answered(delivered), answered(delivered)], noHistory, run)?.desired, 'w')
})

test('history is read only if the answer depends on it', () => {
  const needs = (kind: OperationKind, outcome: Outcome, more?: More) =>
    needsHistory({ line: lineOf(kind, more), outcome, markedAt: 9000 })
  assert.deepEqual(
    [needs('attach', delivered), needs('attach', lost), needs('detach', delivered), needs('detach', lost)],
    [false, false, false, true],
  )
  assert.deepEqual(
    [
      needs('upsert', delivered),
      needs('upsert', { ...delivered, effect: 'restored' }),
      needs('restore', { ...delivered, effect: 'restored' }),
    ],
    [false, true, false],
  )
  assert.deepEqual([needs('update', delivered), needs('update', delivered, { parts: 2 })], [false, true])
})

test('the Ledger says what a line really changed, and whether that is managed', () => {
  const effect = (kind: OperationKind, outcome: Outcome, more?: More) => {
    const line = ledgerLine({ line: lineOf(kind, more), outcome, markedAt: 9000 })
    return [line.effect, line.managed]
  }
  assert.deepEqual(effect('attach', delivered), ['created', true])
  assert.deepEqual(effect('attach', { ...delivered, effect: 'nothing' }), ['nothing', false])
  assert.deepEqual(effect('attach', delivered, { certain: false }), [null, false])
  assert.deepEqual(effect('attach', { ...delivered, effect: 'created' }, { certain: false }), [null, false])
  assert.deepEqual(effect('attach', lost), [null, false])
  assert.deepEqual(effect('detach', delivered), ['removed', false])
  assert.deepEqual(effect('detach', delivered, { certain: false }), [null, false])
  assert.deepEqual(effect('detach', { ...delivered, effect: 'removed' }, { certain: false }), ['removed', false])
  assert.deepEqual(effect('detach', { ...inPlace, effect: 'nothing' }), ['nothing', false])
  assert.deepEqual(effect('create', { ...delivered, effect: 'created' }), ['created', true])
  assert.deepEqual(effect('upsert', { ...rejected('invalid-value'), effect: 'created' }), ['created', true])
  assert.deepEqual(effect('upsert', { ...delivered, effect: 'changed' }), ['changed', false])
  assert.deepEqual(effect('upsert', delivered, { managed: true }), ['changed', true])
  assert.deepEqual(effect('upsert', lost, { managed: true }), [null, false])
  assert.deepEqual(effect('update', delivered), ['changed', false])
  assert.deepEqual(effect('update', lost), [null, false])
  assert.deepEqual(effect('update', delivered, { managed: true }), ['changed', true])
  assert.deepEqual(effect('archive', delivered, { managed: true }), ['removed', true])
  assert.deepEqual(effect('archive', lost, { managed: true }), [null, false])
  assert.deepEqual(effect('delete', delivered), ['removed', false])
  assert.deepEqual(effect('restore', delivered, { managed: true }), ['restored', true])
})

test('the Ledger says which Record it was, when it was sent, and what was stored', () => {
  const link = ledgerLine({ line: lineOf('attach', { targetId: 'x' }), outcome: delivered, markedAt: 9000 })
  assert.deepEqual(link, {
    ordinal: 1,
    key: 'k',
    group: 't1',
    kind: 'attach',
    reason: 'new',
    status: 'delivered',
    code: null,
    message: null,
    field: null,
    httpStatus: null,
    requestId: null,
    targetId: 'x',
    effect: 'created',
    managed: true,
    since: 9000,
    before: null,
    after: null,
  })
  assert.equal(
    ledgerLine({ line: lineOf('attach', { sent: { from: 5, to: 6 } }), outcome: delivered, markedAt: 9000 }).since,
    5,
  )
  const record = ledgerLine({
    line: lineOf('update', { asks: '{"a":1}', before: '{"a":0}' }),
    outcome: { ...delivered, targetId: 'y' },
    asks: '{"a":"1"}',
    markedAt: 9000,
  })
  assert.deepEqual(
    [record.group, record.targetId, record.since, record.before, record.after],
    ['', 'y', null, '{"a":0}', '{"a":"1"}'],
  )
  const rejection = ledgerLine({
    line: lineOf('update'),
    outcome: { ...rejected('invalid-value'), field: 'a', httpStatus: 422, requestId: 'r' },
    markedAt: 9000,
  })
  assert.deepEqual(
    [rejection.status, rejection.code, rejection.message, rejection.field, rejection.httpStatus, rejection.requestId],
    ['rejected', 'invalid-value', 'No.', 'a', 422, 'r'],
  )
})

// prettier-ignore
const interruptions: readonly { readonly what: string; readonly before?: Entry; readonly line: SettledLine; readonly entry: Partial<Entry> }[] = [
  { what: 'an addition counts as managed until it is read', line: lineOf('attach'), entry: { managed: 'yes', sent: { from: 9000, to: 9000 }, runId: 7, desired: null } },
  { what: 'an addition of a link that may have existed does not', line: lineOf('attach', { certain: false }), entry: { managed: 'no', sent: { from: 9000, to: 9000 } } },
  { what: 'an addition of a link that may have existed keeps the earlier period', before: earlier(unconfirmedLink('no', 5, 6)), line: lineOf('attach', { certain: false, reason: 'unconfirmed' }), entry: { managed: 'no', sent: { from: 5, to: 6 }, runId: 3 } },
  { what: 'a repair of a link that may have existed has its own period', before: earlier({ ...unconfirmedLink('no'), sent: null }), line: lineOf('attach', { certain: false, reason: 'unconfirmed' }), entry: { managed: 'no', sent: { from: 9000, to: 9000 }, runId: 7 } },
  { what: 'an addition of a link that certainly did not exist has its own period', before: earlier(unconfirmedLink('yes', 5, 6)), line: lineOf('attach', { reason: 'unconfirmed' }), entry: { managed: 'yes', sent: { from: 9000, to: 9000 }, runId: 7 } },
  { what: 'a removal leaves a managed link managed', before: managedLink, line: lineOf('detach'), entry: { managed: 'yes', sent: { from: 1, to: 2 }, desired: null } },
  { what: 'a removal of a link that was never managed is judged by its mark', before: syncedLink, line: lineOf('detach'), entry: { managed: 'no', sent: { from: 9000, to: 9000 } } },
  { what: 'after a removal, an unconfirmed addition may still be there', before: earlier(unconfirmedLink('yes', 5, 6)), line: lineOf('detach'), entry: { managed: 'yes', sent: { from: 5, to: 6 }, runId: 3 } },
  { what: 'a link that came back is still new to the next Run', before: { ...syncedLink, returned: true }, line: lineOf('attach'), entry: { returned: true } },
  { what: 'a link keeps its target record and its rejections', before: { ...syncedLink, targetId: 'x', tries: 2, retryAt: 5 }, line: lineOf('attach'), entry: { targetId: 'x', tries: 2, retryAt: 5 } },
  { what: 'a create', line: lineOf('create', { fingerprints: a }), entry: { managed: 'unconfirmed', sent: { from: 9000, to: 9000 } } },
  { what: 'the first of two creates may have succeeded', before: earlier(unconfirmed('unconfirmed', 1, 2)), line: lineOf('create'), entry: { managed: 'unconfirmed', sent: { from: 1, to: 9000 } } },
  { what: 'an update: its Fields may hold the settled values or the new ones', before: { ...synced, targetId: 'x', fingerprints: a + b }, line: lineOf('update', { fingerprints: a + b2, targetId: 'x' }), entry: { fingerprints: a + b + tried, targetId: 'x', desired: 'w' } },
  { what: 'an update of what our unconfirmed create made: managed', before: earlier(unconfirmed('unconfirmed', 1, 2)), line: lineOf('update', { managed: true, targetId: 'x' }), entry: { managed: 'yes', targetId: 'x' } },
  { what: 'an update of another target record: the earlier one says nothing about it', before: { ...managed, targetId: 'x', fingerprints: a }, line: lineOf('update', { fingerprints: a, targetId: 'y' }), entry: { managed: 'no', targetId: 'y' } },
  { what: 'after an archive, an unconfirmed create may still be there', before: earlier(unconfirmed('unconfirmed', 5, 6)), line: lineOf('archive', left), entry: { managed: 'unconfirmed', sent: { from: 5, to: 6 }, runId: 3 } },
  { what: 'an archive of a drifted Record has its own period', before: earlier({ ...unconfirmed('yes'), sent: null }), line: lineOf('archive', left), entry: { managed: 'yes', sent: { from: 9000, to: 9000 }, runId: 7 } },
  { what: 'a Record that came back is still new to the next Run', before: { ...synced, returned: true }, line: lineOf('update'), entry: { returned: true } },
]

for (const { what, before, line, entry } of interruptions) {
  test(`interrupted (${line.kind}): ${what}`, () => {
    const after = interrupted(before, line, 9000, { ...noHistory, ...added }, 7)
    assert.deepEqual({ ...after, ...entry }, after)
    assert.equal(after.state, 'unconfirmed')
  })
}

test('interrupted: a Record without an Entry gets one, and an Entry keeps what the write does not concern', () => {
  const marked = { from: 9000, to: 9000 }
  assert.deepEqual(interrupted(undefined, lineOf('attach'), 9000, noHistory, 7), {
    ...unconfirmedLink('yes'),
    sent: marked,
  })
  assert.deepEqual(interrupted(undefined, lineOf('create', { fingerprints: a }), 9000, noHistory, 7), {
    ...unconfirmed('unconfirmed'),
    sent: marked,
    desired: null,
  })
  const rest = { present: false, returned: true, tries: 2, retryAt: 5, targetId: 'x' }
  assert.deepEqual(interrupted(earlier({ ...managedLink, ...rest }), lineOf('attach'), 9000, noHistory, 7), {
    ...unconfirmedLink('yes'),
    ...rest,
    sent: marked,
  })
  assert.deepEqual(interrupted(earlier({ ...managed, ...rest }), lineOf('archive', left), 9000, noHistory, 7), {
    ...unconfirmed('yes'),
    ...rest,
    sent: marked,
  })
})

test('a write that a read did not find is unconfirmed again, and a link is managed again', () => {
  const sent = { from: 1, to: 2 }
  const put = unverified(earlier(syncedLink), [{ kind: 'attach', reason: 'new', hasChanged: true }], false, sent, 7)
  assert.deepEqual([put.state, put.managed, put.sent, put.present, put.runId], ['unconfirmed', 'yes', sent, true, 7])
  const forgotten = unverified(undefined, [{ kind: 'detach', reason: 'left', hasChanged: true }], false, sent, 7)
  assert.deepEqual(forgotten, { ...managedLink, state: 'unconfirmed', present: false })
  assert.deepEqual(unverified(undefined, [{ kind: 'attach', reason: 'undo', hasChanged: false }], false, sent, 7), {
    ...syncedLink,
    state: 'unconfirmed',
    present: false,
    sent,
  })
  assert.equal(
    unverified(undefined, [{ kind: 'attach', reason: 'new', hasChanged: true }], false, sent, 7).present,
    true,
  )
  // The write did not change the link: it is managed only if it was before.
  assert.equal(
    unverified(syncedLink, [{ kind: 'attach', reason: 'new', hasChanged: false }], false, sent, 7).managed,
    'no',
  )
  assert.equal(
    unverified(managedLink, [{ kind: 'attach', reason: 'new', hasChanged: false }], false, sent, 7).managed,
    'yes',
  )
  // A behavior that removes the desired links manages none.
  assert.equal(
    unverified(undefined, [{ kind: 'detach', reason: 'new', hasChanged: true }], true, sent, 7).managed,
    'no',
  )
  assert.deepEqual(unverified(undefined, [{ kind: 'update', reason: 'changed', hasChanged: true }], false, sent, 7), {
    ...synced,
    state: 'unconfirmed',
    desired: null,
    sent,
  })
  const record = unverified(
    { ...synced, managed: 'unconfirmed', fingerprints: a },
    [{ kind: 'update', reason: 'changed', hasChanged: true }],
    false,
    sent,
    7,
  )
  assert.deepEqual(
    [record.state, record.managed, record.sent, record.fingerprints],
    ['unconfirmed', 'unconfirmed', sent, a],
  )
})

type MoreKept = Partial<Omit<KeptLine, 'kind'>>
const kept = (kind: PlannedKind, more: MoreKept = {}): KeptLine => ({
  ...lineOf(kind),
  note: null,
  code: null,
  message: null,
  ...more,
})
const keptLink = (kind: PlannedKind, more: MoreKept = {}): KeptLine =>
  kept(kind, { group: 't1', desired: null, ...more })

interface KeptRow {
  readonly what: string
  readonly before?: Entry
  readonly lines: readonly [KeptLine, ...KeptLine[]]
  readonly adopts?: boolean
  readonly entry: Entry | null | 'as before'
}

// prettier-ignore
const keptTable: readonly KeptRow[] = [
  // Links.
  { what: 'a link in place is synced and external', lines: [keptLink('skip', { note: 'in-place' })], entry: syncedLink },
  { what: 'a managed link in place stays managed', before: earlier({ ...managedLink, tries: 2, returned: true }), lines: [keptLink('skip', { note: 'in-place' })], entry: managedLink },
  { what: 'an adopted link is managed', lines: [keptLink('skip', { note: 'in-place' })], adopts: true, entry: managedLink },
  { what: 'an adopted link that was unconfirmed is settled', before: earlier(unconfirmedLink('no')), lines: [keptLink('skip', { reason: 'unconfirmed', note: 'in-place', targetId: 'x' })], adopts: true, entry: { ...managedLink, targetId: 'x' } },
  { what: 'a link that left the query and is off is forgotten', before: managedLink, lines: [keptLink('skip', { ...left, note: 'nothing-to-do' })], entry: null },
  { what: 'a link that left the query and is external is forgotten', before: managedLink, lines: [keptLink('skip', { ...left, note: 'external' })], entry: null },
  { what: 'a link that left the query and is wanted elsewhere keeps its Entry', before: earlier({ ...managedLink, present: false }), lines: [keptLink('skip', { ...left, note: 'wanted-elsewhere' })], entry: 'as before' },
  { what: 'a link that left the query and cannot be removed keeps its Entry', before: managedLink, lines: [keptLink('reject', { ...left, code: 'ambiguous' })], entry: 'as before' },
  { what: 'an undo that finds a link off changes nothing', before: earlier(managedLink), lines: [keptLink('skip', { reason: 'undo', note: 'nothing-to-do' })], entry: 'as before' },
  { what: 'an undo that leaves a link to a later Run changes nothing', before: earlier(managedLink), lines: [keptLink('skip', { reason: 'undo', note: 'later-run' })], entry: 'as before' },
  { what: 'a link that cannot be delivered is rejected', lines: [keptLink('reject', { code: 'ambiguous' })], entry: { ...syncedLink, state: 'rejected', tries: 1 } },
  { what: 'a link that cannot be delivered is not adopted', lines: [keptLink('reject', { code: 'ambiguous' })], adopts: true, entry: { ...syncedLink, state: 'rejected', tries: 1 } },
  { what: 'a link that cannot be delivered yet is retried', before: { ...managedLink, state: 'rejected', tries: 2, targetId: 'x' }, lines: [keptLink('reject', { reason: 'retry', code: 'not-found' })], entry: { ...managedLink, state: 'rejected', tries: 3, retryAt: 10_000 + 2 * hour, targetId: 'x' } },
  { what: 'a link that has to wait is as before', before: earlier(syncedLink), lines: [keptLink('wait', { code: 'may-exist' })], entry: 'as before' },
  // Whole records.
  { what: 'a Record in place is synced and external', lines: [kept('skip', { note: 'in-place', fingerprints: a, targetId: 'x' })], entry: { ...synced, fingerprints: a, targetId: 'x' } },
  { what: 'a Record in place is never adopted', lines: [kept('skip', { note: 'in-place' })], adopts: true, entry: synced },
  { what: 'a managed Record in place stays managed', before: earlier({ ...managed, targetId: 'x', fingerprints: a }), lines: [kept('skip', { note: 'in-place', fingerprints: b, targetId: 'x' })], entry: { ...managed, targetId: 'x', fingerprints: b } },
  { what: 'another target record is not managed because the earlier one was', before: earlier({ ...managed, targetId: 'x', fingerprints: a }), lines: [kept('skip', { note: 'in-place', fingerprints: a, targetId: 'y' })], entry: { ...synced, targetId: 'y', fingerprints: a } },
  { what: 'a managed target record without an id on the line stays managed', before: earlier({ ...managed, targetId: 'x', fingerprints: a }), lines: [kept('skip', { note: 'nothing-to-do' })], entry: { ...managed, targetId: 'x', fingerprints: a } },
  { what: 'our unconfirmed create is managed once it is read', before: unconfirmed('unconfirmed'), lines: [kept('skip', { managed: true, note: 'confirmed', targetId: 'x' })], entry: { ...managed, targetId: 'x' } },
  { what: 'what our unconfirmed create did not make is external', before: unconfirmed('unconfirmed'), lines: [kept('skip', { note: 'in-place', targetId: 'x' })], entry: { ...synced, targetId: 'x' } },
  { what: 'a Record that left the query, with nothing to remove, is forgotten', before: synced, lines: [kept('skip', { ...left, note: 'nothing-to-do' })], entry: null },
  { what: 'a Record that left the query and is wanted elsewhere keeps its Entry', before: managed, lines: [kept('skip', { ...left, note: 'wanted-elsewhere' })], entry: 'as before' },
  { what: 'a Record that cannot be delivered is rejected', before: { ...synced, fingerprints: a }, lines: [kept('reject', { code: 'ambiguous', fingerprints: b })], entry: { ...synced, state: 'rejected', tries: 1, fingerprints: a } },
  { what: 'a Record that cannot be delivered yet is retried', before: { ...synced, state: 'rejected', tries: 2 }, lines: [kept('reject', { code: 'not-found' })], entry: { ...synced, state: 'rejected', tries: 3, retryAt: 10_000 + 2 * hour } },
  { what: 'one target record of several that cannot be written rejects the Record', lines: [kept('skip', { note: 'in-place', parts: 2, targetId: 'x' }), kept('reject', { code: 'conflict', parts: 2, targetId: 'y' })], entry: { ...synced, state: 'rejected', tries: 1, retryAt: 10_000 } },
  { what: 'a Record that has to wait is as before', before: earlier(synced), lines: [kept('wait', { code: 'may-exist' })], entry: 'as before' },
  { what: 'a Record with other lines that are sent is as before', before: earlier(synced), lines: [kept('skip', { parts: 2, note: 'in-place' })], entry: 'as before' },
  { what: 'a Record that an undo leaves to a later Run is as before', before: earlier(synced), lines: [kept('skip', { reason: 'undo', note: 'later-run' })], entry: 'as before' },
]

for (const { what, before, lines, adopts = false, entry } of keptTable) {
  test(`kept (${lines[0].kind}): ${what}`, () => {
    assert.deepEqual(settleKept(before, lines, adopts, run), entry === 'as before' ? before : entry)
  })
}

test('a line that asks nothing is in the Ledger with its reason', () => {
  const inLedger = (line: KeptLine, adopts = false) => {
    const { status, code, effect, managed: isManaged, since, after } = keptLedgerLine(line, adopts)
    return [status, code, effect, isManaged, since, after]
  }
  assert.deepEqual(inLedger(kept('wait', { code: 'may-exist' })), ['on-hold', 'may-exist', null, false, null, null])
  assert.deepEqual(inLedger(keptLink('reject', { code: 'not-found' }), true), [
    'rejected',
    'not-found',
    null,
    false,
    null,
    null,
  ])
  assert.deepEqual(inLedger(kept('skip', { managed: true, note: 'confirmed', asks: '{}', sent: { from: 5, to: 6 } })), [
    'delivered',
    'confirmed',
    null,
    true,
    5,
    '{}',
  ])
  // A delete that was read back: nothing is managed because of it.
  assert.deepEqual(inLedger(kept('skip', { note: 'confirmed', sent: { from: 5, to: 6 } })), [
    'delivered',
    'confirmed',
    null,
    false,
    5,
    null,
  ])
  assert.deepEqual(inLedger(keptLink('skip', { note: 'in-place' })), ['in-place', 'in-place', null, false, null, null])
  assert.deepEqual(inLedger(keptLink('skip', { note: 'in-place' }), true), [
    'in-place',
    'in-place',
    null,
    true,
    null,
    null,
  ])
  assert.deepEqual(inLedger(kept('skip', { note: 'in-place' }), true), [
    'in-place',
    'in-place',
    null,
    false,
    null,
    null,
  ])
  assert.deepEqual(inLedger(keptLink('skip', { ...left, note: 'wanted-elsewhere' }), true), [
    'in-place',
    'wanted-elsewhere',
    null,
    false,
    null,
    null,
  ])
  assert.deepEqual(
    keptLedgerLine(keptLink('reject', { reason: 'retry', code: 'not-found', message: 'No.', targetId: 'x' }), false),
    {
      ordinal: 1,
      key: 'k',
      group: 't1',
      kind: 'reject',
      reason: 'retry',
      status: 'rejected',
      code: 'not-found',
      message: 'No.',
      field: null,
      httpStatus: null,
      requestId: null,
      targetId: 'x',
      effect: null,
      managed: false,
      since: null,
      before: null,
      after: null,
    },
  )
})
